// Which open promotions the config no longer asks for, and why. Pure, from the config and the umbrella charts alone;
// upstream conditions are judged in upstream.ts.

import type { Config, Environment } from "../model/config/config.ts";
import type { OpenPromotion } from "../model/github/open-promotion.ts";
import type { Dependent } from "../model/github/repository.ts";
import type { PromotionRecord } from "../model/publish.ts";
import { isBelow } from "../model/repository-path.ts";
import { ruleFor } from "./chart-rule.ts";
import { branchOf, placeOfBranch } from "./promotion-branch.ts";
import { mergeTakenBack } from "./roll-back-note.ts";
import { isRollback, readTrailers } from "./trailers.ts";

/** The current config and dependents. */
export interface DesiredState {
  readonly config: Config;
  readonly dependents: readonly Dependent[];
  /** Names of environments whose umbrella chart was not read: their charts are not judged. */
  readonly unreadEnvironments: ReadonlySet<string>;
}

export interface Withdrawal {
  readonly promotion: OpenPromotion;
  /** Without a full stop. */
  readonly because: string;
}

export function withdrawals(open: readonly OpenPromotion[], desired: DesiredState): readonly Withdrawal[] {
  return open.flatMap((promotion) => {
    const because = promotion.byApp ? whyWithdrawn(promotion, desired) : undefined;
    return because === undefined ? [] : [{ promotion, because }];
  });
}

function whyWithdrawn(promotion: OpenPromotion, desired: DesiredState): string | undefined {
  const { environment: name, chart: key } = placeOfBranch(promotion.branch);
  const environment = desired.config.environments.find((one) => one.name === name);
  if (!environment) return gone(name);
  const astray = whyAstray(promotion, environment);
  if (astray !== undefined) return astray;
  const promoted = readTrailers(promotion.message ?? "").map(({ chart }) => chart);
  if (promoted.length === 0 && environment.pullRequests === "environment") return undefined;
  const charts = promoted.length > 0 ? promoted : [key];
  if (charts.some((chart) => branchOf(environment, chart) !== promotion.branch))
    return `${groupedOtherwise(environment)}${wayBack(promotion)}`;
  return firstOf(charts, (chart) => whyUnasked(environment, chart, desired));
}

/** It targets another branch than the environment's, or changes nothing in its folder. */
function whyAstray(
  { baseBranch, files }: OpenPromotion,
  { name, branch, path }: Environment,
): string | undefined {
  if (baseBranch !== branch) return `it leads to ${baseBranch}, and ${name} is promoted on ${branch}`;
  if (files.length === 0 || files.some((file) => isBelow(file, path))) return undefined;
  return `${name} is in the folder ${path} now, of which it changes nothing`;
}

function groupedOtherwise({ name, pullRequests }: Environment): string {
  return pullRequests === "environment"
    ? `${name} has one pull request for all charts now`
    : `${name} has a pull request for each chart now`;
}

/** A promotion comes back by itself, a rollback only if it is asked for. */
function wayBack({ message = "" }: OpenPromotion): string {
  const merge = isRollback(readTrailers(message)) ? mergeTakenBack(message) : undefined;
  return merge === undefined ? "" : `; comment \`/rollback\` on #${merge} to have it proposed there`;
}

function whyUnasked(
  environment: Environment,
  chart: string,
  { dependents, unreadEnvironments }: DesiredState,
): string | undefined {
  const { name } = environment;
  if (!ruleFor(environment, chart)) return `the charts of ${name} in the config do not name ${chart}`;
  const isThere = dependents.some((one) => one.environment === name && one.chart === chart);
  return isThere || unreadEnvironments.has(name)
    ? undefined
    : `${chart} is no dependency of ${name} from a chart repository that the server knows`;
}

function gone(environment: string): string {
  return `the config has no environment ${environment}`;
}

/** States of a promotion that is not finished yet. */
const PENDING = new Set<PromotionRecord["state"]>(["proposed", "unchanged", "waiting", "refused"]);

/** The records that have to change, in their new state. */
export function recordsUnasked(
  records: readonly PromotionRecord[],
  desired: DesiredState,
): readonly PromotionRecord[] {
  return records.flatMap((record): readonly PromotionRecord[] => {
    if (!PENDING.has(record.state)) return [];
    const environment = desired.config.environments.find(({ name }) => name === record.environment);
    const because = environment ? whyUnasked(environment, record.chart, desired) : gone(record.environment);
    if (because === undefined || (record.state === "refused" && record.because === because)) return [];
    const { pullRequest: _closed, help: _past, ...kept } = record;
    return [{ ...kept, state: "refused", because }];
  });
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
