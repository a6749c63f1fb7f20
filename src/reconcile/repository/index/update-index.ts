// Keeps the index of who depends on what in step with the observed state; says when the state has to be read again.

import { earlierBranches } from "../../../domain/merge/left-branches.ts";
import { chartRepositoriesFor, resolveRepository } from "../../../domain/model/chart/chart-repository.ts";
import type { Config, ConfigContext } from "../../../domain/model/config/config.ts";
import { CONFIG_FILE } from "../../../domain/model/config/config-file.ts";
import type { ObservedState } from "../../../domain/model/github/observed-state.ts";
import {
  type ConfigRepository,
  type Dependent,
  MOST_DEPENDENTS,
  type RepositoryIndex,
} from "../../../domain/model/github/repository.ts";
import type { Snapshot } from "../../../domain/model/github/snapshot.ts";
import type { Problem } from "../../../domain/model/problem.ts";
import { VERSION } from "../../../domain/model/program.ts";
import { valuesKey } from "../../../domain/model/umbrella.ts";
import { installedVersion } from "../../../domain/umbrella/installed-version.ts";
import type { Deps } from "../../context.ts";
import { describeConfigProblems } from "../config-issue.ts";
import { readExtended } from "../read-extended.ts";
import { tellConfigIssue } from "../tell-config-issue.ts";
import { umbrellaOf } from "../umbrella-of.ts";

export type IndexUpdate =
  /**
   * The index is what the read plan assumed, but for versions. `unread`: the environments whose umbrella chart was not read. `moved`:
   * what installs another version than when it was read last.
   */
  | {
      readonly kind: "same";
      readonly repository: ConfigRepository;
      readonly index: RepositoryIndex;
      readonly unread: ReadonlySet<string>;
      /** Environments with more charts than are left of what a repository may have: no dependents of theirs are in the index. */
      readonly unserved: ReadonlySet<string>;
      readonly moved: readonly Dependent[];
    }
  /** It is not: read again, by the new index. */
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
  /** Whether everything is looked at, and so also what the config file extends. */
  readonly resync: boolean;
}

/** On record; the issue counts them all. */
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
    return { kind: "same", repository, index, unread: none, unserved: none, moved: [] };
  }
  const { dependents, unread, unserved } = await dependentsNow(config, seen, deps);
  const isEqual = JSON.stringify(dependents) === JSON.stringify(index.dependents);
  const isOther = !isEqual && !sameDependents(dependents, index.dependents);
  const changed = { ...index, dependents, ...(isOther && dueAtOnce(deps)) };
  if (!isEqual) await deps.store.repositories.setIndex(repository.id, changed);
  if (!isOther)
    return {
      ...{ kind: "same", repository, index: changed, unread, unserved },
      moved: movedSince(index, dependents),
    };
  return { kind: "changed", repository, index: changed, configChanged: false };
}

/** With the index that nothing is planned by yet: a run that does not come to plan leaves that to the next. */
function dueAtOnce({ clock }: Pick<Deps, "clock">): Pick<RepositoryIndex, "requeueAt"> {
  return { requeueAt: clock().toISOString() };
}

/** Whether the config file says what the index says it does: it is the same text, read by the same version with the same. */
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

/** Renamed, transferred, archived, another default branch: noticed in the observed state, with or without a webhook. */
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
 * The issue is written first, then the record: a change that could not be told is found to be new again by the next
 * reconcile. Where the config is right, the issue tells the obstacles instead.
 */
async function readConfig(
  { repository, context }: { readonly repository: ConfigRepository; readonly context: ConfigContext },
  { answer, index }: Seen,
  deps: Deps,
): Promise<RepositoryIndex> {
  const { config: file } = answer;
  const parsed = file && (await deps.decisions.decide(repository.owner, "parseConfig", file.text, context));
  const problems = parsed && !parsed.ok ? parsed.problems : [];
  const hasIssue = problems.length > 0 || (!file && hasToldProblems(index));
  if (hasIssue && !answer.archived)
    await tellConfigIssue(describeConfigProblems(CONFIG_FILE, problems), repository, deps);
  const read = {
    ...withoutConfig(index),
    ...(file && { configOid: file.oid, configContext: context, readBy: VERSION }),
    ...(parsed?.ok && { config: parsed.value, ...mergesToLookFor(index, parsed.value) }),
    ...(problems.length > 0 && { wrongSince: index?.wrongSince ?? secondOf(deps.clock()) }),
    problems: problems.slice(0, MOST_PROBLEMS),
    ...dueAtOnce(deps),
  };
  await deps.store.repositories.setIndex(repository.id, read);
  if (file) await noteBroken(repository.id, { oid: file.oid, problems }, deps);
  return read;
}

/** What came to a branch that was renamed, or that an environment left, before it was deployed, is on the branch of now. */
function mergesToLookFor(
  index: RepositoryIndex | undefined,
  now: Config,
): Pick<RepositoryIndex, "backfillDue" | "movedFrom"> {
  const { config: before, movedFrom = [] } = index ?? {};
  if (!before) return { backfillDue: true };
  const left = earlierBranches(before, now);
  return left.length === 0 ? {} : { backfillDue: true, movedFrom: [...movedFrom, ...left] };
}

function hasToldProblems(index: RepositoryIndex | undefined): boolean {
  if (index?.issueDue) return true;
  return (index?.problems.length ?? 0) + (index?.obstacles?.length ?? 0) > 0;
}

/** What is known of the repository whatever its config says. */
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

/** Of each text once. */
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

/** GitHub's clock counts seconds. */
function secondOf(now: Date): string {
  return new Date(Math.floor(now.getTime() / 1_000) * 1_000).toISOString();
}

/**
 * Of the environments that were read, from their manifests; of the others, as before. A broken manifest changes nothing, and neither does
 * one with more charts than are left of what a repository may have.
 */
async function dependentsNow(
  config: Config,
  { repository, index, answer }: Seen,
  deps: Deps,
): Promise<
  Pick<Extract<IndexUpdate, { kind: "same" }>, "unread" | "unserved"> & Pick<RepositoryIndex, "dependents">
> {
  const now: Dependent[] = [];
  const unread = new Set<string>();
  const unserved = new Set<string>();
  const before = Map.groupBy(index?.dependents ?? [], ({ environment }) => environment);
  for (const { name } of config.environments) {
    const snapshot = answer.snapshots.get(name);
    const found = snapshot && (await dependentsIn(snapshot, repository, deps));
    const those = found ?? before.get(name) ?? [];
    const isServed = now.length + those.length <= MOST_DEPENDENTS;
    if (!found || !isServed) unread.add(name);
    if (isServed) now.push(...those);
    else unserved.add(name);
  }
  return { dependents: now, unread, unserved };
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

/** Whatever their versions: what is read does not depend on those. */
function sameDependents(a: readonly Dependent[], b: readonly Dependent[]): boolean {
  const keys = (list: readonly Dependent[]) =>
    list
      .map(({ version: _version, ...dependent }) => JSON.stringify(dependent))
      .sort()
      .join();
  return keys(a) === keys(b);
}
