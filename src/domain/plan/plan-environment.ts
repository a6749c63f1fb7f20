// Planning one environment: (publishes, config, snapshot) -> changes by branch with reasons, and a verdict for each
// publish. Pure: the same input gives the same plan, byte for byte.

import { resolveRepository } from "../model/chart/chart-repository.ts";
import { repositoryUrls } from "../model/chart/repository-urls.ts";
import type { ChartRule, Environment } from "../model/config/config.ts";
import type { ChartRepository } from "../model/config/settings.ts";
import type { ObservedBranch, Snapshot } from "../model/github/snapshot.ts";
import { textsOf } from "../model/github/texts-of.ts";
import type { Problem } from "../model/problem.ts";
import type { Change, EntryMove, Move, Plan, Unchanged, Verdict } from "../model/promotion.ts";
import type { Publish } from "../model/publish.ts";
import { type Bump, type Dependency, type Umbrella, valuesKey } from "../model/umbrella.ts";
import { bump } from "../umbrella/bump.ts";
import { currentVersion, lowest } from "../umbrella/installed-version.ts";
import { readUmbrella } from "../umbrella/read-umbrella.ts";
import { compareVersions, parseVersion } from "../versions/version.ts";
import { ruleFor } from "./chart-rule.ts";
import { type EarlierDecline, historyOf, promotedVersions } from "./history.ts";
import { valuesToSet } from "./placeholders.ts";
import { branchOf } from "./promotion-branch.ts";
import { selectVersion } from "./select-version.ts";
import { isRollback, type PromotedVersion } from "./trailers.ts";
import { judgeUpstream, type UpstreamState } from "./upstream.ts";

export interface PlanInput {
  readonly environment: Environment;
  readonly snapshot: Snapshot;
  /** Verified publishes of the charts to plan for; those of other charts are ignored. */
  readonly publishes: readonly Publish[];
  /** Names of the dependencies to plan for; the others are left as they are. */
  readonly charts: ReadonlySet<string>;
  readonly chartRepositories: readonly ChartRepository[];
  /** State of the environment that `after` names. */
  readonly upstream: UpstreamState;
  readonly declinedBefore?: readonly EarlierDecline[];
  /** The instant to plan for; `soak` is measured up to it. */
  readonly now: Date;
  /** A version that people requested by name, even if it was declined. */
  readonly requestedVersion?: RequestedVersion;
}

export interface RequestedVersion {
  readonly chart: string;
  readonly version: string;
  /** Login of the person who requested it. */
  readonly by: string;
}

export interface EnvironmentPlan {
  readonly plans: readonly Plan[];
  readonly verdicts: readonly Verdict[];
}

/** One chart of one chart repository, with its dependency entries. */
interface Target {
  readonly chart: string;
  readonly repository: string;
  readonly rule: ChartRule;
  readonly entries: readonly { readonly index: number; readonly dependency: Dependency }[];
}

interface Judgement {
  readonly target: Target;
  readonly pick?: Publish;
  readonly override?: Move["override"];
  readonly withdraws?: string;
  readonly verdicts: readonly Verdict[];
}

export function planEnvironment(input: PlanInput): EnvironmentPlan {
  const read = readUmbrella(textsOf(input.snapshot.files), repositoryUrls(input.chartRepositories));
  if (!read.ok) return unreadable(input, read.problems);
  const judgements = targetsOf(read.value, input).map((target) => judgeTarget(target, read.value, input));
  const branches = Map.groupBy(judgements, ({ target }) => branchOf(input.environment, target.chart));
  const outcomes = [...branches].map(([branch, group]) =>
    planBranch(branch, group, { ...input, umbrella: read.value }),
  );
  return {
    plans: outcomes.map(({ plan }) => plan),
    verdicts: outcomes.flatMap(({ verdicts }) => verdicts),
  };
}

/** The dependency entries to plan for, grouped by chart and chart repository, in the order of the manifest. */
function targetsOf(
  umbrella: Umbrella,
  { environment, charts, chartRepositories }: PlanInput,
): readonly Target[] {
  const targets = new Map<string, Target>();
  for (const [index, dependency] of umbrella.dependencies.entries()) {
    const repository = resolveRepository(chartRepositories, dependency.repository);
    const rule = ruleFor(environment, dependency.name);
    if (!repository || !rule || !charts.has(dependency.name)) continue;
    const key = `${repository.name}/${dependency.name}`;
    const before = targets.get(key);
    const entries = [...(before?.entries ?? []), { index, dependency }];
    targets.set(key, { chart: dependency.name, repository: repository.name, rule, entries });
  }
  return [...targets.values()];
}

function judgeTarget(target: Target, umbrella: Umbrella, input: PlanInput): Judgement {
  const branch = observed(input.snapshot, branchOf(input.environment, target.chart));
  const current = lowest(target.entries.map(({ index }) => currentVersion(umbrella, index)));
  const publishes = input.publishes.filter(
    ({ chart, repository }) => chart === target.chart && repository === target.repository,
  );
  const selected = selectVersion(publishes, {
    environment: input.environment.name,
    rule: target.rule,
    ...(current && { current }),
    history: historyOf(branch, target.chart),
    declinedBefore: (input.declinedBefore ?? []).filter(({ chart }) => chart === target.chart),
    upstream: (version) => judgeUpstream(input.upstream, { chart: target.chart, version }, input.now),
    ...(input.requestedVersion?.chart === target.chart && {
      requestedVersion: input.requestedVersion,
    }),
  });
  return { target, ...selected };
}

interface Outcome {
  readonly plan: Plan;
  readonly verdicts: readonly Verdict[];
}

function planBranch(
  branch: string,
  group: readonly Judgement[],
  input: PlanInput & { umbrella: Umbrella },
): Outcome {
  const verdicts = group.flatMap((judgement) => judgement.verdicts);
  const withdraws = group.find((one) => one.withdraws !== undefined)?.withdraws;
  if (withdraws !== undefined)
    return { plan: { ...unchanged(branch, withdraws, input), withdraws }, verdicts };
  const moves = group.flatMap((judgement) => moveOf(judgement, input.umbrella));
  const [first, ...rest] = moves;
  if (!first) return { plan: nothingToMove(branch, verdicts, input), verdicts };
  const bumpResult = bumpFor(group, input);
  if (!bumpResult.ok)
    return refusal(branch, bumpResult.problems, { verdicts, environment: input.environment.name });
  const bumped = bump(textsOf(input.snapshot.files), bumpResult.value);
  if (!bumped.ok) return refusal(branch, bumped.problems, { verdicts, environment: input.environment.name });
  const { edits, archives, notes } = bumped.value;
  if (edits.length === 0 && archives.length === 0) {
    const because = notes.join(" ") || "nothing has to change";
    return {
      plan: unchanged(branch, because, input),
      verdicts: withState(verdicts, { state: "unchanged", because }),
    };
  }
  const plan: Change = {
    kind: "change",
    environment: input.environment.name,
    branch,
    moves: [first, ...rest],
    edits,
    archives,
    notes: [...moves.flatMap(overrideInWords), ...notes],
    because: becauseOf([first, ...rest]),
  };
  return {
    plan,
    verdicts: verdicts.map((verdict) => (verdict.state === "proposed" ? { ...verdict, branch } : verdict)),
  };
}

function moveOf({ target, pick, override }: Judgement, umbrella: Umbrella): readonly Move[] {
  if (!pick) return [];
  const from = lowest(target.entries.map(({ index }) => currentVersion(umbrella, index)))?.original ?? "";
  const { chart } = target;
  const { version: to } = pick;
  const entries = target.entries.map(({ index, dependency }): EntryMove => {
    const stands = currentVersion(umbrella, index)?.original ?? "";
    const key = valuesKey(dependency);
    return { key, from: stands, to: isBehind(umbrella, index, to) ? to : stands };
  });
  const apart = entries.filter((one) => one.from !== from || one.to !== to);
  const more = { ...(apart.length > 0 && { apart }), ...(override && { override }) };
  return [{ chart, from, to, publish: pick, ...more }];
}

/** For the commit message and the text. */
function overrideInWords({ chart, to, override }: Move): readonly string[] {
  return override ? [`${override.by} asked for it by command: ${chart} ${to} ${override.because}.`] : [];
}

function bumpFor(
  group: readonly Judgement[],
  input: PlanInput & { umbrella: Umbrella },
):
  | { readonly ok: true; readonly value: Bump }
  | { readonly ok: false; readonly problems: readonly Problem[] } {
  const { environment, snapshot, chartRepositories, umbrella } = input;
  const moves: Bump["moves"][number][] = [];
  const values: Bump["values"][number][] = [];
  const problems: Problem[] = [];
  for (const { target, pick } of group) {
    if (!pick) continue;
    const wanted = valuesToSet(target.rule, pick);
    if (!wanted.ok) problems.push(...wanted.problems);
    for (const { index, dependency } of target.entries) {
      if (isBehind(umbrella, index, pick.version)) moves.push({ index, version: pick.version });
      if (wanted.ok) {
        const chart = valuesKey(dependency);
        values.push(...wanted.value.map((entry) => ({ chart, ...entry })));
      }
    }
  }
  if (problems.length > 0) return { ok: false, problems };
  const instants = group.flatMap(({ pick }) => (pick ? [pick.at.getTime()] : []));
  return {
    ok: true,
    value: {
      moves,
      values,
      repositories: repositoryUrls(chartRepositories),
      valuesFiles: environment.valuesFiles,
      vendored: snapshot.vendored,
      umbrellaVersion: environment.umbrellaVersion,
      staleLock: environment.staleLock,
      at: new Date(Math.max(...instants)),
    },
  };
}

/** Entries of one chart may have different versions; those at this version or above it stay. */
function isBehind(umbrella: Umbrella, index: number, version: string): boolean {
  const [current, wanted] = [currentVersion(umbrella, index), parseVersion(version)];
  return !current || (wanted !== undefined && compareVersions(current, wanted) < 0);
}

function nothingToMove(
  branch: string,
  verdicts: readonly Verdict[],
  input: PlanInput & { readonly umbrella: Umbrella },
): Plan {
  const because = verdicts[0]?.because ?? "no publish of these charts is known";
  return unchanged(branch, because, input);
}

function unchanged(
  branch: string,
  because: string,
  input: PlanInput & { readonly umbrella: Umbrella },
): Unchanged {
  const { environment, snapshot, umbrella } = input;
  const has = hasAlready(observed(snapshot, branch), umbrella);
  return {
    kind: "unchanged",
    environment: environment.name,
    branch,
    because: has ?? because,
    obsolete: has !== undefined,
  };
}

/** If the base already has every version of the branch's open pull request: a sentence that says so. */
function hasAlready(branch: ObservedBranch, umbrella: Umbrella): string | undefined {
  const open = branch.pullRequests.find(({ state }) => state === "open");
  const promoted = open ? promotedVersions(open) : [];
  if (promoted.length === 0) return undefined;
  if (isRollback(promoted)) return movedOn(promoted, umbrella);
  const isDowngrade = promoted.some(({ chart, version }) =>
    umbrella.dependencies.some(({ name }, index) => name === chart && isBehind(umbrella, index, version)),
  );
  if (isDowngrade) return undefined;
  return promoted
    .map(({ chart, version }) => `${chart} ${version} or newer is there already, or no longer a dependency`)
    .join(", ");
}

/** The base no longer has the versions that the rollback takes back: its edits do not apply any more. */
function movedOn(promoted: readonly PromotedVersion[], umbrella: Umbrella): string | undefined {
  const stands = promoted.some(({ chart, rolledBackFrom }) =>
    umbrella.dependencies.some(
      ({ name }, index) => name === chart && currentVersion(umbrella, index)?.original === rolledBackFrom,
    ),
  );
  if (stands) return undefined;
  return promoted
    .map(
      ({ chart, rolledBackFrom = "" }) =>
        `${chart} ${rolledBackFrom}, which it takes back, is not there any more`,
    )
    .join(", ");
}

function refusal(
  branch: string,
  problems: readonly Problem[],
  { verdicts, environment }: { readonly verdicts: readonly Verdict[]; readonly environment: string },
): Outcome {
  const because = problems.map(({ message }) => message).join(" ");
  return {
    plan: { kind: "refused", environment, branch, because, problems },
    verdicts: withState(verdicts, { state: "refused", because }),
  };
}

/** Gives a proposed verdict another state; other verdicts stay. */
function withState(
  verdicts: readonly Verdict[],
  instead: Pick<Verdict, "state" | "because">,
): readonly Verdict[] {
  return verdicts.map((verdict) => (verdict.state === "proposed" ? { ...verdict, ...instead } : verdict));
}

/** Without a valid umbrella chart nothing can be planned: every publish to plan for is refused for the same reason. */
function unreadable(input: PlanInput, problems: readonly Problem[]): EnvironmentPlan {
  const because = problems.map(({ message }) => message).join(" ");
  const environment = input.environment.name;
  const publishes = input.publishes.filter(({ chart }) => input.charts.has(chart));
  const branches = new Set(publishes.map(({ chart }) => branchOf(input.environment, chart)));
  return {
    plans: [...branches].map((branch) => ({ kind: "refused", environment, branch, because, problems })),
    verdicts: publishes.map(({ id }) => ({ publishId: id, environment, state: "refused", because })),
  };
}

function becauseOf(moves: readonly Move[]): string {
  return moves.map(({ chart, from, to }) => `${chart} ${from} -> ${to}`).join(", ");
}

function observed(snapshot: Snapshot, name: string): ObservedBranch {
  return snapshot.branches.get(name) ?? { name, pullRequests: [] };
}
