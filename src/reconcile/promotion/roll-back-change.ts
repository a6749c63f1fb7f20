// The change that takes a merge back in an environment as it is now: for /rollback, and for repairing the text of the
// pull request that /rollback opened.

import { commitBefore } from "../../domain/merge/commit-before.ts";
import { chartRepositoriesFor } from "../../domain/model/chart/chart-repository.ts";
import { textsOf } from "../../domain/model/github/texts-of.ts";
import { fail, ok, type Problem, type Result } from "../../domain/model/problem.ts";
import type { Change } from "../../domain/model/promotion.ts";
import type { Publish } from "../../domain/model/publish.ts";
import { belowFolder, inRepository } from "../../domain/model/repository-path.ts";
import type { Files } from "../../domain/model/umbrella.ts";
import type { MergedChange, Reversal } from "../../domain/plan/plan-rollback.ts";
import { filesToRead, valuesKeysOf } from "../repository/read-plan.ts";
import type { ObservedEnvironment } from "./observed-repository.ts";

/** A merge and its version changes. */
export interface MergeToTakeBack {
  readonly merged: MergedChange;
  readonly reversals: readonly [Reversal, ...Reversal[]];
}

/** `number`: of the merged pull request. */
export async function readMerge(
  number: number,
  context: ObservedEnvironment,
): Promise<Result<MergeToTakeBack>> {
  const { environment, snapshot, about, deps } = context;
  const texts = await mergeTexts(number, context);
  if (!texts) return fail(NOT_SHOWN);
  const now = textsOf(snapshot.files);
  const chartRepositories = chartRepositoriesFor(deps.settings.chartRepositories, about.repository);
  const merged = { number, environment, ...texts, now, chartRepositories };
  const back = await deps.decisions.decide(about.repository.owner, "reversals", merged);
  return back.ok ? ok({ merged, reversals: back.value }) : back;
}

/** `publisher`: for versions that nobody announced. */
export async function rollBackChange(
  { merged, reversals }: MergeToTakeBack,
  publisher: string,
  { snapshot, about, deps }: ObservedEnvironment,
): Promise<Result<Change>> {
  const publishes = await publishesOf(reversals, publisher, deps);
  if (!publishes.ok) return publishes;
  const { vendored } = snapshot;
  return deps.decisions.decide(about.repository.owner, "planRollBack", {
    ...merged,
    ...{ reversals, publishes: publishes.value, vendored, at: deps.clock() },
  });
}

/** The environment's folder before and after the merge, where it was then. */
async function mergeTexts(
  number: number,
  { environment, about, deps }: ObservedEnvironment,
): Promise<Pick<MergedChange, "before" | "after"> | undefined> {
  const github = deps.github.in(about.repository);
  const deployed = await deps.store.deployments.ofPullRequest(about.repository.id, number);
  const { path = environment.path } = deployed.find((one) => one.environment === environment.name) ?? {};
  const proof = await github.proveMerge({ number, base: environment.branch, environments: [environment] });
  const before = proof && commitBefore(proof);
  const after = proof?.commits[0]?.oid;
  if (before === undefined || after === undefined) return undefined;
  const charts = new Set(about.dependents.map(({ chart }) => chart));
  const files = filesToRead(environment, valuesKeysOf(environment.name, charts, about.dependents));
  const texts = await github.textsAt({
    commits: [before, after],
    paths: files.map((file) => inRepository(path, file)),
  });
  const below = (oid: string): Files =>
    new Map([...(texts.get(oid) ?? [])].map(([file, text]) => [belowFolder(path, file), text]));
  return { before: below(before), after: below(after) };
}

/**
 * Every version to go back to must still be in its chart repository; one that was never announced is looked up there.
 */
async function publishesOf(
  back: readonly Reversal[],
  publisher: string,
  deps: ObservedEnvironment["deps"],
): Promise<Result<ReadonlyMap<string, Publish>>> {
  const found = new Map<string, Publish>();
  for (const { chart, to: version, repository: name } of back) {
    const repository = deps.settings.chartRepositories.find((one) => one.name === name);
    const there = repository && (await deps.charts.lookUp(repository, { chart, version }));
    if (there?.kind !== "found") return fail(goneFrom(name, `${chart} ${version}`));
    const announced = await deps.store.publishes.find({ chart, repository: name }, version);
    const { digest } = there;
    const unannounced: Publish = {
      ...{ id: "", chart, version, repository: name, values: {}, source: {}, publisher },
      ...{ at: UNKNOWN, state: "verified", ...(digest !== undefined && { digest }) },
    };
    found.set(`${chart} ${version}`, announced ?? unannounced);
  }
  return ok(found);
}

/** Not shown anywhere. Constant, so that a repeated review has the same input and joins the one in progress. */
const UNKNOWN = new Date(0);

const NOT_SHOWN: Problem = {
  code: "merge-unproven",
  message: "GitHub does not tell what it changed.",
  help: "Try again in a minute.",
};

function goneFrom(repository: string, chart: string): Problem {
  return {
    code: "chart-missing",
    message: `${chart} cannot be found in the chart repository "${repository}".`,
    help: "Upload it again, or try again when the chart repository answers.",
  };
}
