// Enqueues the checks of pull requests whose charts have changed in their repository since the check.

import type { ListedVersion } from "../../domain/model/chart/listed-version.ts";
import type { ChartKey } from "../../domain/model/publish.ts";
import type { Deps } from "../context.ts";
import { workOf } from "../keys.ts";
import type { JudgedChart, JudgedPullRequestChart } from "../ports/store/checks.ts";

/** Wait until the look-up cache has expired. */
const SETTLED_MS = 6_000;

/**
 * `listed`: all versions of each chart in the repository. Confirms the charts that match the listing, and re-checks
 * those that do not.
 */
export async function compareJudged(
  judged: readonly JudgedPullRequestChart[],
  listed: ReadonlyMap<string, readonly ListedVersion[]>,
  deps: Pick<Deps, "store" | "clock" | "log">,
): Promise<void> {
  const { as = [], other = [] } = Object.groupBy(judged, (one) =>
    isAsJudged(one, listed.get(one.chart) ?? []) ? "as" : "other",
  );
  await enqueueJudged(other, deps);
  await deps.store.judgedCharts.confirm(as.filter(({ isConfirmed }) => !isConfirmed));
  await deps.store.judgedCharts.doubt(other.filter(({ isConfirmed }) => isConfirmed));
}

/** Enqueues the checks that rely on a version that was overwritten. */
export async function enqueueReplaced(
  { repository, chart, version }: ChartKey & { readonly version: string },
  deps: Pick<Deps, "store" | "clock" | "log">,
): Promise<void> {
  const judged = await deps.store.judgedCharts.of(repository);
  await enqueueJudged(
    judged.filter((one) => one.chart === chart && one.version === version),
    deps,
  );
}

async function enqueueJudged(
  judged: readonly JudgedPullRequestChart[],
  { store, clock, log }: Pick<Deps, "store" | "clock" | "log">,
): Promise<void> {
  const after = new Date(clock().getTime() + SETTLED_MS);
  for (const { repositoryId, number, chart, version, repository } of judged) {
    log.info({ repositoryId, number, chart, version, repository }, "judged anew");
    const target = { kind: "pull-request", number, write: "when-changed" } as const;
    await store.queue.enqueueAll([{ ...workOf({ kind: "check-run", repositoryId, target }), after }]);
  }
}

function isAsJudged(
  { version, isThere, digest, manifestDigest }: JudgedChart,
  listed: readonly ListedVersion[],
): boolean {
  const now = listed.find((one) => one.version === version);
  if (now === undefined || !isThere) return (now === undefined) === !isThere;
  return isSame(digest, now.digest) && isSame(manifestDigest, now.manifestDigest);
}

/** A digest that is missing on one side does not count as a difference. */
function isSame(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}
