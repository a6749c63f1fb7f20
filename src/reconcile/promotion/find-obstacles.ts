// Obstacles to an environment's promotions that no pull request shows.

import { chartRepositoriesFor } from "../../domain/model/chart/chart-repository.ts";
import type { Environment } from "../../domain/model/config/config.ts";
import { MOST_WEIGHT } from "../../domain/model/github/repository.ts";
import { textsOf } from "../../domain/model/github/texts-of.ts";
import type { Obstacle } from "../../domain/model/obstacle.ts";
import type { Verdict } from "../../domain/model/promotion.ts";
import type { Publish } from "../../domain/model/publish.ts";
import { branchOf } from "../../domain/plan/promotion-branch.ts";
import { compareVersions, parseVersion } from "../../domain/versions/version.ts";
import { type AppliedPlan, REFUSED_HELP } from "./apply/applied-plan.ts";
import type { ObservedEnvironment } from "./observed-repository.ts";

/** The result of planning and applying. */
export interface EnvironmentOutcome {
  readonly charts: ReadonlySet<string>;
  readonly applied: readonly AppliedPlan[];
  readonly verdicts: readonly Verdict[];
  readonly publishes: readonly Publish[];
}

export async function findObstacles(
  outcome: EnvironmentOutcome,
  context: ObservedEnvironment,
): Promise<readonly Obstacle[]> {
  const folder = await folderObstacles(context);
  if (folder.some(({ chart }) => chart === undefined)) return folder;
  const plans = outcome.applied.flatMap((applied) => planObstacle(applied, outcome, context));
  return [...folder, ...plans, ...vainWaits(outcome, context)];
}

async function folderObstacles({
  environment,
  snapshot,
  about,
  deps,
}: ObservedEnvironment): Promise<readonly Obstacle[]> {
  const { chartRepositories } = deps.settings;
  const { owner, name } = about.repository;
  if (about.unserved?.has(environment.name)) return [tooMany(environment)];
  const allowed = chartRepositoriesFor(chartRepositories, about.repository).map((one) => one.name);
  const found = await deps.decisions.decide(owner, "environmentObstacles", {
    ...{ environment, chartRepositories, files: textsOf(snapshot.files), repository: `${owner}/${name}` },
    allowed: new Set(allowed),
  });
  if (found.ok) return found.value;
  return found.problems.map(({ message, help }) => ({
    of: "folder",
    environment: environment.name,
    message,
    help,
  }));
}

function tooMany({ name }: Environment): Obstacle {
  return {
    of: "folder",
    environment: name,
    message: `It has more charts than are served: at most ${MOST_WEIGHT.environment} values files of the charts of one environment are looked for, and ${MOST_WEIGHT.repository} together with those of the environments before it; each chart counts as two at least.`,
    help: "Put some of the charts into another environment, or some of the environments into a repository of their own.",
  };
}

/** None when a pull request is open: it shows the obstacle itself. */
function planObstacle(
  { plan, refused, help = REFUSED_HELP, pullRequest }: AppliedPlan,
  { charts }: EnvironmentOutcome,
  { environment }: ObservedEnvironment,
): readonly Obstacle[] {
  if (refused === undefined || pullRequest) return [];
  const moved =
    plan.kind === "change"
      ? plan.moves.map(({ chart }) => chart)
      : [...charts].filter((chart) => branchOf(environment, chart) === plan.branch);
  const message = /[.!?]$/.test(refused) ? refused : `${refused}.`;
  return moved.map((chart) => ({ of: "promotion", environment: environment.name, chart, message, help }));
}

/** For each chart, the newest waiting version whose condition can never be met. */
function vainWaits(
  { verdicts, publishes }: EnvironmentOutcome,
  { environment: { name } }: ObservedEnvironment,
): readonly Obstacle[] {
  const newest = new Map<string, { readonly publish: Publish; readonly because: string }>();
  for (const { publishId, never, because } of verdicts) {
    const publish = never ? publishes.find(({ id }) => id === publishId) : undefined;
    if (!publish) continue;
    const before = newest.get(publish.chart);
    if (!before || isNewer(publish, before.publish)) newest.set(publish.chart, { publish, because });
  }
  return [...newest].map(
    ([
      chart,
      {
        publish: { version },
        because,
      },
    ]) => ({
      ...{ of: "promotion", environment: name, chart },
      message: `${version} ${because}.`,
      help: `Comment \`/promote ${chart} ${version} to ${name}\` under this issue to have it all the same.`,
    }),
  );
}

function isNewer(one: Publish, other: Publish): boolean {
  const [a, b] = [parseVersion(one.version), parseVersion(other.version)];
  return a !== undefined && b !== undefined && compareVersions(a, b) > 0;
}
