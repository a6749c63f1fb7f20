// After the loss of the database: restores drift from the open issues. People may have edited them, so the text is
// validated.

import * as z from "zod";
import { environmentOfIssue } from "../../domain/drift/drift-issue.ts";
import type { DriftReport, Keep } from "../../domain/model/drift.ts";
import { readHiddenJson } from "../../domain/model/github/hidden-marker.ts";
import { nameWithOwner } from "../../domain/model/github/repository.ts";
import type { EnvironmentContext } from "../context.ts";
import { enqueue } from "../keys.ts";

const instant = z.iso.datetime().transform((written) => new Date(written));
const state = z.object({
  keep: z.object({ until: instant, by: z.string() }).optional(),
  reports: z.array(
    z.object({
      deployer: z.string(),
      deploymentId: z.number(),
      reportedAt: instant,
      countedAt: instant,
      resources: z.array(
        z.object({
          kind: z.string(),
          namespace: z.string().exactOptional(),
          name: z.string(),
          change: z.enum(["changed", "missing", "unknown"]),
          since: instant,
          seen: z.number(),
        }),
      ),
    }),
  ),
});

/** Does not overwrite what is on record. */
export async function restoreDrift(
  issues: readonly string[],
  { repository, deps }: Pick<EnvironmentContext, "repository" | "deps">,
): Promise<void> {
  const { drift } = deps.store;
  for (const body of issues) {
    const environment = environmentOfIssue(body);
    if (environment === undefined) continue;
    const key = { repositoryId: repository.id, environment };
    const watch = await drift.watch(key);
    if (watch?.issue) continue;
    const { keep, reports } = readState(body);
    const now = deps.clock();
    await drift.setWatch(key, { since: watch?.since ?? now, issue: { tells: "", at: now } });
    if (keep) await drift.keep(key, keep);
    for (const report of reports) await drift.replaceReport(key, 0, report);
    await enqueue(deps.store.queue, { ...key, kind: "drift" });
    deps.log.info(
      { repository: nameWithOwner(repository), environment },
      "drift taken up again from its issue",
    );
  }
}

interface DriftState {
  readonly keep?: Keep;
  readonly reports: readonly DriftReport[];
}

function readState(body: string): DriftState {
  const { success, data } = state.safeParse(readHiddenJson(body, "drift-state"));
  if (!success) return { reports: [] };
  return { ...(data.keep && { keep: data.keep }), reports: data.reports };
}
