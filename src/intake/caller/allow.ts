// Authorization of a publisher: only charts that match its globs, and only in its own chart repository.

import { matchesGlob } from "../../domain/model/config/glob.ts";
import type { Publisher } from "../../domain/model/config/settings.ts";
import type { Problem } from "../../domain/model/problem.ts";
import type { ChartKey } from "../../domain/model/publish.ts";

/** `undefined` when it is allowed. */
export function refusal(publisher: Publisher, { chart, repository }: ChartKey): Problem | undefined {
  if (repository !== publisher.repository) {
    return {
      code: "forbidden",
      message: `Publisher ${publisher.name} may not announce charts of the chart repository "${repository}".`,
      help: `Leave \`repository\` out, or name its own, "${publisher.repository}".`,
    };
  }
  if (publisher.charts.some((glob) => matchesGlob(glob, chart))) return undefined;
  return {
    code: "forbidden",
    message: `Publisher ${publisher.name} may not announce the chart "${chart}": it may announce ${publisher.charts.join(", ")}.`,
    help: "Let the operator add the chart to the publisher's `charts` in server.yaml, or announce it as the publisher it belongs to.",
  };
}

export function mayReach(publisher: Publisher, key: ChartKey): boolean {
  return refusal(publisher, key) === undefined;
}
