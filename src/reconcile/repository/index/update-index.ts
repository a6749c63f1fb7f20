// Updates the index of dependents from the observed state; says when the state has to be read again.

import { earlierBranches } from "../../../domain/merge/left-branches.ts";
import { chartRepositoriesFor, resolveRepository } from "../../../domain/model/chart/chart-repository.ts";
import type { Config, ConfigContext, Environment } from "../../../domain/model/config/config.ts";
import { CONFIG_FILE } from "../../../domain/model/config/config-file.ts";
import type { ObservedState } from "../../../domain/model/github/observed-state.ts";
import {
  type ConfigRepository,
  type Dependent,
  MOST_WEIGHT,
  type RepositoryIndex,
  weightOf,
} from "../../../domain/model/github/repository.ts";
import type { Snapshot } from "../../../domain/model/github/snapshot.ts";
import type { Problem } from "../../../domain/model/problem.ts";
import { VERSION } from "../../../domain/model/program.ts";
import { valuesKey } from "../../../domain/model/umbrella.ts";
import { installedVersion } from "../../../domain/umbrella/installed-version.ts";
import type { Deps } from "../../context.ts";
import { describeConfigProblems } from "../config-issue.ts";
import { readExtended } from "../read-extended.ts";
import { renamedBetween } from "../renamed-between.ts";
import { umbrellaOf } from "../umbrella-of.ts";
import { writeConfigIssue } from "../write-config-issue.ts";
import { carryDeclines } from "./carry-declines.ts";

export type IndexUpdate =
  /**
   * The index still matches the read plan, apart from versions. `unreadEnvironments`: those whose umbrella chart was not
   * read. `moved`: dependencies whose version has changed since the last read.
   */
  | {
      readonly kind: "same";
      readonly repository: ConfigRepository;
      readonly index: RepositoryIndex;
      readonly unreadEnvironments: ReadonlySet<string>;
      /** Environments whose charts exceed the repository's limit: none of their dependents are in the index. */
      readonly unserved: ReadonlySet<string>;
      readonly moved: readonly Dependent[];
    }
  /** The index has changed: read again by the new one. */
  | {
      readonly kind: "changed";
      readonly repository: ConfigRepository;
      readonly index: RepositoryIndex;
      readonly configChanged: boolean;
    };

export interface Seen {
  readonly repository: ConfigRepository;
  readonly index: RepositoryIndex | undefined;
  readonly answer: ObservedState;
  /** Whether this is a full resync, which also reads the defaults that the config file extends. */
  readonly resync: boolean;
}

/** How many problems are recorded; the issue counts them all. */
const MOST_PROBLEMS = 100;

export async function updateIndex(seen: Seen, deps: Deps): Promise<IndexUpdate> {
  const { answer, index } = seen;
  const repository = await renewed(seen.repository, answer, deps);
  const extended = await readExtended({ repository, index, answer, refresh: seen.resync }, deps);
  const context = { ...contextOf(repository, deps), ...extended };
  if (!index || !isAsRead(index, answer, context)) {
    return {
      kind: "changed",
      repository,
      index: await readConfig({ repository, context }, seen, deps),
      configChanged: true,
    };
  }
  const config = index.config;
  if (!config) {
    const none = new Set<string>();
    return { kind: "same", repository, index, unreadEnvironments: none, unserved: none, moved: [] };
  }
  const { dependents, unreadEnvironments, unserved } = await dependentsNow(config, seen, deps);
  const isEqual = JSON.stringify(dependents) === JSON.stringify(index.dependents);
  const isOther = !isEqual && !sameDependents(dependents, index.dependents);
  const changed = { ...index, dependents, ...(isOther && dueAtOnce(deps)) };
  if (!isEqual) await deps.store.repositories.setIndex(repository.id, changed);
  if (!isOther)
    return {
      ...{ kind: "same", repository, index: changed, unreadEnvironments, unserved },
      moved: movedSince(index, dependents),
    };
  return { kind: "changed", repository, index: changed, configChanged: false };
}

/** Due at once until a run has planned with the new index: if this run does not, the next one will. */
function dueAtOnce({ clock }: Pick<Deps, "clock">): Pick<RepositoryIndex, "requeueAt"> {
  return { requeueAt: clock().toISOString() };
}

/**
 * Whether the index matches the config file: same text, parsed by the same version of the program with the same
 * context.
 */
function isAsRead(index: RepositoryIndex, { config }: ObservedState, context: ConfigContext): boolean {
  if (config?.oid !== index.configOid) return false;
  if (index.issueDue && !index.config) return false;
  if (config && index.readBy !== VERSION) return false;
  return !config || JSON.stringify(context) === JSON.stringify(index.configContext);
}

export function contextOf(
  { owner, name, defaultBranch }: ConfigRepository,
  { settings }: Pick<Deps, "settings">,
): ConfigContext {
  const deployers = settings.deployers.map((one) => ({ name: one.name, repositories: one.repositories }));
  const { pauses } = settings;
  return {
    ...{ defaultBranch, deployers, repository: `${owner}/${name}`, file: CONFIG_FILE },
    ...(pauses && { pauses }),
  };
}

/** Updates name, owner, archived flag and default branch from the observed state, with or without a webhook. */
async function renewed(
  before: ConfigRepository,
  answer: ObservedState,
  { store }: Deps,
): Promise<ConfigRepository> {
  const [owner = before.owner, name = before.name] = answer.nameWithOwner.split("/");
  const defaultBranch = answer.defaultBranch ?? before.defaultBranch;
  const now = { ...before, owner, name, defaultBranch, archived: answer.archived };
  if (JSON.stringify(now) !== JSON.stringify(before)) await store.repositories.renew(now);
  return now;
}

/**
 * Writes the issue before the record: after a failed write the next reconcile finds the same change again. With a valid
 * config the issue lists obstacles instead.
 */
async function readConfig(
  { repository, context }: { readonly repository: ConfigRepository; readonly context: ConfigContext },
  { answer, index }: Seen,
  deps: Deps,
): Promise<RepositoryIndex> {
  const { config: file } = answer;
  const parsed = file && (await deps.decisions.decide(repository.owner, "parseConfig", file.text, context));
  const problems = parsed && !parsed.ok ? parsed.problems : [];
  const hasIssue = problems.length > 0 || (!file && hasReportedProblems(index));
  if (hasIssue && !answer.archived)
    await writeConfigIssue(describeConfigProblems(CONFIG_FILE, problems), repository, deps);
  const read = {
    ...withoutConfig(index),
    ...(file && { configOid: file.oid, configContext: context, readBy: VERSION }),
    ...(parsed?.ok && {
      config: parsed.value,
      ...mergesToFind(index, parsed.value),
      ...(await namesBefore(parsed.value, { repository, answer, index }, deps)),
    }),
    ...(problems.length > 0 && { wrongSince: index?.wrongSince ?? secondOf(deps.clock()) }),
    problems: problems.slice(0, MOST_PROBLEMS),
    ...dueAtOnce(deps),
  };
  await deps.store.repositories.setIndex(repository.id, read);
  if (file) await noteBroken(repository.id, { oid: file.oid, problems }, deps);
  return read;
}

/** Environments that changed their branch: merges that were not deployed before may be on the new branch. */
function mergesToFind(
  index: RepositoryIndex | undefined,
  now: Config,
): Pick<RepositoryIndex, "backfillDue" | "movedFrom"> {
  const { config: before, movedFrom = [] } = index ?? {};
  if (!before) return { backfillDue: true };
  const left = earlierBranches(before, now);
  return left.length === 0 ? {} : { backfillDue: true, movedFrom: [...movedFrom, ...left] };
}

/** Until another environment gets another name. */
async function namesBefore(
  now: Config,
  { repository, answer, index }: Pick<Seen, "repository" | "answer" | "index">,
  deps: Deps,
): Promise<Pick<RepositoryIndex, "renamedFrom">> {
  const { config: before, folderless = [], pushedUntil = {} } = index ?? {};
  if (!before) return {};
  const { defaultBranch: branch } = repository;
  const commitBefore = ({ name }: Environment) =>
    folderless.find(({ environment }) => environment === name)?.before ?? pushedUntil[branch];
  const between = { before, now, branch, commitBefore, after: answer.defaultHead };
  const renamed = await renamedBetween(between, { repository, deps });
  if (renamed.size === 0) return {};
  const renamedFrom = Object.fromEntries([...renamed].map(([name, earlier]) => [name, earlier.name]));
  await carryDeclines(repository.id, renamedFrom, deps);
  return { renamedFrom };
}

function hasReportedProblems(index: RepositoryIndex | undefined): boolean {
  if (index?.issueDue) return true;
  return (index?.problems.length ?? 0) + (index?.obstacles?.length ?? 0) > 0;
}

/** The parts of the index that do not depend on the config. */
function withoutConfig(
  {
    configOid: _oid,
    configContext: _context,
    readBy: _version,
    config: _config,
    obstacles: _obstacles,
    issueDue: _due,
    ...kept
  }: RepositoryIndex = { problems: [], dependents: [] },
) {
  return kept;
}

/** Once for each version of the file. */
async function noteBroken(
  repositoryId: number,
  { oid, problems }: { readonly oid: string; readonly problems: readonly Problem[] },
  { store, clock }: Deps,
): Promise<void> {
  const [first] = problems;
  if (!first) return;
  const because = `${first.message}${problems.length > 1 ? ` (and ${problems.length - 1} more)` : ""}`;
  const id = `config-broken/${repositoryId}/${oid}`;
  await store.history.note([{ id, kind: "config-broken", at: clock(), repositoryId, facts: { because } }]);
}

/** Rounded down, as GitHub's timestamps have a resolution of seconds. */
function secondOf(now: Date): string {
  return new Date(Math.floor(now.getTime() / 1_000) * 1_000).toISOString();
}

/**
 * Dependents from the umbrella charts of the environments that were read; for the others, those of the old index. The
 * old ones also stay when an umbrella chart is invalid. Environments beyond the limit of charts are `unserved`.
 */
async function dependentsNow(
  config: Config,
  { repository, index, answer }: Seen,
  deps: Deps,
): Promise<
  Pick<Extract<IndexUpdate, { kind: "same" }>, "unreadEnvironments" | "unserved"> &
    Pick<RepositoryIndex, "dependents">
> {
  const now: Dependent[] = [];
  const unreadEnvironments = new Set<string>();
  const unserved = new Set<string>();
  const before = Map.groupBy(index?.dependents ?? [], ({ environment }) => environment);
  let left = MOST_WEIGHT.repository;
  for (const environment of config.environments) {
    const { name } = environment;
    const snapshot = answer.snapshots.get(name);
    const found = snapshot && (await dependentsIn(snapshot, repository, deps));
    const those = found ?? before.get(name) ?? [];
    const weight = weightOf(those.length, environment);
    const isServed = weight <= Math.min(left, MOST_WEIGHT.environment);
    if (!found || !isServed) unreadEnvironments.add(name);
    if (!isServed) unserved.add(name);
    else {
      now.push(...those);
      left -= weight;
    }
  }
  return { dependents: now, unreadEnvironments, unserved };
}

async function dependentsIn(
  snapshot: Snapshot,
  configRepository: ConfigRepository,
  deps: Deps,
): Promise<readonly Dependent[] | undefined> {
  const { id } = configRepository;
  const chartRepositories = chartRepositoriesFor(deps.settings.chartRepositories, configRepository);
  const umbrella = await umbrellaOf(snapshot, configRepository, deps);
  if (!umbrella.ok) return undefined;
  return umbrella.value.dependencies.flatMap((entry, index) => {
    const known = resolveRepository(chartRepositories, entry.repository);
    const version = installedVersion(umbrella.value, index);
    const dependent = {
      repositoryId: id,
      environment: snapshot.environment,
      chart: entry.name,
      key: valuesKey(entry),
    };
    if (!known) return [];
    return [{ ...dependent, chartRepository: known.name, ...(version !== undefined && { version }) }];
  });
}

function movedSince(
  { dependents: before }: RepositoryIndex,
  now: readonly Dependent[],
): readonly Dependent[] {
  const known = new Set(before.map((one) => JSON.stringify(one)));
  return now.filter((one) => !known.has(JSON.stringify(one)));
}

/** Ignores versions, which the read plan does not depend on. */
function sameDependents(a: readonly Dependent[], b: readonly Dependent[]): boolean {
  const keys = (list: readonly Dependent[]) =>
    list
      .map(({ version: _version, ...dependent }) => JSON.stringify(dependent))
      .sort()
      .join();
  return keys(a) === keys(b);
}
