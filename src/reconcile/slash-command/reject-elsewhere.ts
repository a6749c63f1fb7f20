// The command `/reject everywhere`: a version that one environment rejects or took back is rejected in all environments
// of the repository.

import type { Environment } from "../../domain/model/config/config.ts";
import type { ObservedState } from "../../domain/model/github/observed-state.ts";
import type { ObservedPullRequest } from "../../domain/model/github/snapshot.ts";
import { promotedVersions } from "../../domain/plan/history.ts";
import {
  declined,
  type EnvironmentPullRequest,
  rejectedElsewhere,
} from "../../domain/pull-request-body/comments.ts";
import { compareVersions, parseVersion } from "../../domain/versions/version.ts";
import { isNotRefused } from "../ports/github/github-refusal.ts";
import { planReads } from "../repository/read-plan.ts";
import type { Scope } from "../repository/scope.ts";
import type { CommandContext } from "./command-context.ts";
import { chartsIn, replan } from "./own-promotion.ts";

/** A version that is rejected everywhere. */
export interface RejectedVersion {
  readonly chart: string;
  readonly version: string;
}

/** Returns a message about what was done. `here`: the environment of the command. */
export async function rejectElsewhere(
  here: Environment,
  rejected: readonly RejectedVersion[],
  context: CommandContext,
): Promise<string> {
  const { repository, config, dependents, deps } = context;
  const scope = scopeElsewhere(here, rejected, context);
  const reads = planReads(config, scope, dependents);
  const observed =
    reads.length > 0
      ? await deps.github.in(repository).fetchRepositoryState({ environments: reads })
      : undefined;
  const open = observed ? proposing(observed, rejected) : [];
  const [mixed, alone] = [open.filter((one) => one.isMixed), open.filter((one) => !one.isMixed)];
  const left = new Set<Proposing>();
  for (const one of alone) {
    const { id } = one.pullRequest;
    const body = declined({ versions: promotedVersions(one.pullRequest), elsewhere: false });
    const isTaken = await isNotRefused(() => deps.github.in(repository).closePullRequest(id, body), deps);
    if (!isTaken) left.add(one);
  }
  if (alone.length > left.size) await replan(scope, context, {});
  return rejectedElsewhere({
    closed: alone.filter((one) => !left.has(one)).map(named),
    mixed: mixed.map(named),
    refused: [...left].map(named),
    standing: await standing(rejected, context),
  });
}

function scopeElsewhere(
  here: Environment,
  rejected: readonly RejectedVersion[],
  context: CommandContext,
): Scope {
  const others = context.config.environments.filter(({ name }) => name !== here.name);
  const charts = others.map((environment) => {
    const all = chartsIn(environment, context);
    const isConcerned = all.some((chart) => rejected.some((one) => one.chart === chart));
    const own = all.filter((chart) => rejected.some((one) => one.chart === chart));
    const planned = environment.pullRequests === "environment" ? all : own;
    return [environment.name, new Set(isConcerned ? planned : [])] as const;
  });
  return new Map(charts.filter(([, names]) => names.size > 0));
}

interface Proposing {
  readonly environment: string;
  readonly pullRequest: ObservedPullRequest;
  /** It also contains charts that are not rejected. */
  readonly isMixed: boolean;
}

/** Open promotions that contain a rejected version, or an older one of the same chart. */
function proposing(observed: ObservedState, rejected: readonly RejectedVersion[]): readonly Proposing[] {
  return [...observed.snapshots.values()].flatMap(({ environment, branches }) =>
    [...branches.values()].flatMap(({ pullRequests }) => {
      const pullRequest = pullRequests.find(({ state, byApp }) => state === "open" && byApp);
      if (!pullRequest) return [];
      const promoted = promotedVersions(pullRequest).filter((one) => one.rolledBackFrom === undefined);
      const hit = promoted.filter((one) => rejected.some((other) => isCovered(one, other)));
      return hit.length === 0 ? [] : [{ environment, pullRequest, isMixed: hit.length < promoted.length }];
    }),
  );
}

function isCovered(promoted: RejectedVersion, rejected: RejectedVersion): boolean {
  const [a, b] = [parseVersion(promoted.version), parseVersion(rejected.version)];
  return (
    promoted.chart === rejected.chart && a !== undefined && b !== undefined && compareVersions(a, b) <= 0
  );
}

function named({ environment, pullRequest: { number } }: Proposing): EnvironmentPullRequest {
  return { environment, number };
}

const STANDING = new Set(["merged", "deploying", "deployed", "failed"]);

/** Environments that already have a rejected version, with the pull requests that brought it. */
async function standing(
  rejected: readonly RejectedVersion[],
  { repository, deps }: CommandContext,
): Promise<readonly EnvironmentPullRequest[]> {
  const records = await deps.store.promotions.ofRepository(repository.id);
  const found: EnvironmentPullRequest[] = [];
  for (const { publishId, chart, state, environment, pullRequest } of records) {
    if (!pullRequest || !STANDING.has(state) || !rejected.some((one) => one.chart === chart)) continue;
    const publish = await deps.store.publishes.get(publishId);
    const isIt = rejected.some((one) => one.chart === chart && one.version === publish?.version);
    if (isIt) found.push({ environment, number: pullRequest.number });
  }
  return found;
}
