// Records which chart versions a check run relied on. The pull request is judged anew when one of them changes, and a
// publish whose archive changed in its chart repository is reported wherever it is proposed.

import type { CheckFacts, EntryFacts } from "../../domain/check/facts.ts";
import type { ChartChange, Publish } from "../../domain/model/publish.ts";
import type { Deps } from "../context.ts";
import { workOf } from "../keys.ts";
import type { JudgedChart, JudgedPullRequest } from "../ports/store/checks.ts";

export async function noteJudgedCharts(
  pullRequest: JudgedPullRequest,
  { environments }: Pick<CheckFacts, "environments">,
  deps: Pick<Deps, "store" | "log">,
): Promise<void> {
  const charts = environments.flatMap(({ entries }) => entries.flatMap(judgedChart));
  await deps.store.judgedCharts.put(pullRequest, charts);
  for (const chart of charts) await noteChange(chart, deps);
}

/** Empty for a chart that was not looked up, or could not be. */
function judgedChart({ entry: { dependency, to }, chart: found }: EntryFacts): readonly JudgedChart[] {
  if (to === undefined || (found.kind !== "found" && found.kind !== "missing")) return [];
  const { repository } = found;
  const about = { chart: dependency.name, version: to, repository };
  if (found.kind === "missing") return [{ ...about, isThere: false }];
  const { digest, manifestDigest } = found;
  return [
    {
      ...about,
      ...(digest !== undefined && { digest }),
      ...(manifestDigest !== undefined && { manifestDigest }),
      isThere: true,
    },
  ];
}

async function noteChange(judged: JudgedChart, { store, log }: Pick<Deps, "store" | "log">): Promise<void> {
  const publish = await store.publishes.find(judged, judged.version);
  if (publish?.state !== "verified") return;
  const change = changeOf(publish, judged);
  if (isSame(change, publish.changedSince)) return;
  const dependents = await store.repositories.dependents(judged);
  const work = dependents.map((dependent) => workOf({ kind: "repository", id: dependent }));
  await store.publishes.noteChange(publish.id, change, { routes: dependents, work });
  const { id, chart, version, repository } = publish;
  log.warn({ publish: id, chart, version, repository, change }, "changed in its chart repository");
}

function changeOf(publish: Publish, { isThere, digest }: JudgedChart): ChartChange | undefined {
  if (!isThere) return { kind: "removed" };
  const isOther = digest !== undefined && publish.digest !== undefined && digest !== publish.digest;
  return isOther ? { kind: "replaced", digest } : undefined;
}

function isSame(one: ChartChange | undefined, other: ChartChange | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
