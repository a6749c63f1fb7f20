// The control socket of a running server: HTTP on a Unix socket in its data folder, accessible to its own user only.

import { chmod, mkdir, rm } from "node:fs/promises";
import fastify from "fastify";
import { socketIn } from "./connect.ts";
import type { Control, RedeployRequest } from "./control.ts";

const MODE = 0o600;

/**
 * Serves until it is closed. Replaces a socket left behind by a killed process: the data folder is locked by this one.
 */
export async function serveControl(
  dataFolder: string,
  control: Control,
): Promise<{ close(): Promise<void> }> {
  await mkdir(dataFolder, { recursive: true });
  const path = socketIn(dataFolder);
  await rm(path, { force: true });
  const app = fastify();
  app.post("/sync", async () => {
    await control.sync();
    return {};
  });
  app.get("/status", () => control.status());
  app.get<{ Querystring: { chart?: string; limit?: string } }>("/publishes", ({ query }) =>
    control.publishes({
      limit: Number(query.limit ?? 50),
      ...(query.chart !== undefined && { chart: query.chart }),
    }),
  );
  app.get<{ Querystring: { since: string } }>("/history", ({ query }) =>
    control.history(new Date(query.since)),
  );
  app.post<{ Body: { key: string } }>("/replay", async ({ body }) => ({
    replayed: await control.replay(body.key),
  }));
  app.post<{ Body: RedeployRequest }>("/redeploy", ({ body }) => control.redeploy(body));
  await app.listen({ path });
  await chmod(path, MODE);
  return { close: () => app.close() };
}
