// What the dashboard reads, where server.yaml offers it.

import type { FastifyPluginAsync } from "fastify";
import { dashboard } from "../adapters/dashboard/routes.ts";
import { readBoard } from "../reconcile/board/read-board.ts";
import { readChart, readJourney } from "../reconcile/board/read-journey.ts";
import type { Dependencies } from "./dependencies.ts";

export function dashboardOf({ deps, app, news, report }: Dependencies): readonly FastifyPluginAsync[] {
  const { settings, store, clock } = deps;
  if (settings.dashboard === "off") return [];
  return [
    dashboard({
      githubWeb: settings.githubWeb,
      board: () => readBoard(deps),
      chart: (repositoryId, chart) => readChart(repositoryId, chart, deps),
      journey: (publishId) => readJourney(publishId, deps),
      report,
      queue: async () => {
        const [depth, dead, oldestDue] = await Promise.all([
          store.queue.depth(),
          store.queue.dead(),
          store.queue.oldestDue(),
        ]);
        return { depth, dead, limits: app.remaining(), now: clock(), ...(oldestDue && { oldestDue }) };
      },
      onChange: (listener) => news.on("event", listener),
    }),
  ];
}
