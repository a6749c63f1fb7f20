// Gathers the facts that one head is judged by: the environments that it touches, and each dependency whose version or
// values it changes there.

import { filesOfOthers, isAllByApp } from "../../domain/check/allowance.ts";
import type { CheckFacts, EnvironmentFacts } from "../../domain/check/facts.ts";
import { archiveName, changedArchives } from "../../domain/check/judge-archives.ts";
import type { MovedEntry } from "../../domain/check/moved-entries.ts";
import { frozenUntil } from "../../domain/deployment/freeze.ts";
import { chartRepositoriesFor } from "../../domain/model/chart/chart-repository.ts";
import { repositoryUrls } from "../../domain/model/chart/repository-urls.ts";
import type { Config, Environment } from "../../domain/model/config/config.ts";
import type {
  CheckedPullRequest,
  EnvironmentTexts,
  PullRequestQuery,
} from "../../domain/model/github/checked-pull-request.ts";
import type { RepositoryIndex } from "../../domain/model/github/repository.ts";
import { isBelow } from "../../domain/model/repository-path.ts";
import { expandValuesFiles } from "../../domain/model/umbrella.ts";
import { readTrailers } from "../../domain/plan/trailers.ts";
import type { RepositoryContext } from "../context.ts";
import { isEmergency } from "../repository/emergency.ts";
import { loadUpstream } from "../upstream/upstream.ts";
import { gatherImages } from "./check-images.ts";
import { compareArchive } from "./compare-archive.ts";
import { heldBy } from "./held.ts";
import { type InspectedEntry, inspectEntry } from "./inspect-chart.ts";
import { judgeChange } from "./judge-change.ts";

interface HeadContext extends RepositoryContext {
  /** Files to read for each environment. */
  readonly environments: PullRequestQuery["environments"];
  readonly allowedBy?: string;
  readonly renamedFrom?: RepositoryIndex["renamedFrom"];
}

/** `undefined` when the head touches no environment: then no check run is written. */
export async function gatherHeadFacts(
  head: CheckedPullRequest,
  context: HeadContext,
): Promise<CheckFacts | undefined> {
  const environments: EnvironmentFacts[] = [];
  for (const environment of touchedBy(head, context.config)) {
    const texts = head.texts.get(environment.name);
    if (texts) environments.push(await gatherEnvironment({ environment, texts, head }, context));
  }
  if (environments.length === 0) return undefined;
  const now = context.deps.clock();
  return {
    environments,
    held: await heldBy(head, context),
    emergency: isFrozen(environments, now) && (await isEmergency(head, context)),
    ...ownWord(head),
    now,
    filesOfOthers: filesOfOthers(head, context.environments, withStanding(environments, head)),
    links: head.links,
    ...(head.unlistedIn && { hasUnlisted: true }),
    ...(context.allowedBy !== undefined && { allowedBy: context.allowedBy }),
  };
}

function isFrozen(environments: readonly EnvironmentFacts[], now: Date): boolean {
  return environments.some(({ environment }) => frozenUntil(environment.freeze, now) !== undefined);
}

/** The environments on the pull request's base branch in whose folder it changes a file. */
export function touchedBy(
  { baseBranch, files, unlistedIn = [] }: Pick<CheckedPullRequest, "baseBranch" | "files" | "unlistedIn">,
  { environments }: Config,
): readonly Environment[] {
  return environments.filter(
    ({ name, branch, path }) =>
      branch === baseBranch && (unlistedIn.includes(name) || files.some((file) => isBelow(file, path))),
  );
}

function ownWord(head: CheckedPullRequest): Pick<CheckFacts, "rollback" | "requested"> {
  const newest = head.commits.at(-1);
  const promoted = isAllByApp(head) && newest?.sealed ? readTrailers(newest.message) : [];
  const rollback = promoted.flatMap(({ chart, version, rolledBackFrom: from }) =>
    from === undefined ? [] : [[chart, { version, from }] as const],
  );
  const requested = promoted.flatMap(({ chart, version, requestedBy: by }) =>
    by === undefined ? [] : [[chart, { version, by }] as const],
  );
  return { rollback: new Map(rollback), requested: new Map(requested) };
}

function withStanding(environments: readonly EnvironmentFacts[], { archives }: CheckedPullRequest) {
  return environments.map((facts) => ({
    ...facts,
    standing: new Set(archives.get(facts.environment.name)?.keys()),
  }));
}

interface TouchedEnvironment {
  readonly environment: Environment;
  readonly texts: EnvironmentTexts;
  readonly head: CheckedPullRequest;
}

async function gatherEnvironment(
  { environment, texts, head }: TouchedEnvironment,
  context: HeadContext,
): Promise<EnvironmentFacts> {
  const { repository, deps } = context;
  const chartRepositories = chartRepositoriesFor(deps.settings.chartRepositories, repository);
  const repositories = repositoryUrls(chartRepositories);
  const read = await deps.decisions.decide(repository.owner, "readChange", texts, repositories);
  const umbrella = read.ok ? read.value.umbrellas.head : read;
  if (!read.ok || !umbrella.ok)
    return { environment, texts, umbrella, entries: [], archives: [], images: [] };
  const { entries: all, lockBefore } = read.value;
  const committed = changedArchives(head, environment);
  const upstream = await loadUpstream(environment, context, deps);
  const inspected: InspectedEntry[] = [];
  const names = new Set(committed.map(({ name }) => name));
  for (const entry of all.filter(
    (one) => isConcerned(one, environment, texts) || names.has(archiveName(one) ?? ""),
  ))
    inspected.push(await inspectEntry(entry, { chartRepositories, environment, texts, upstream, deps }));
  const judged = await judgeChange(inspected, {
    ...{ repository, chartRepositories, environment, deps },
    texts,
    read: read.value,
  });
  const images = await gatherImages(judged.judgement, {
    registries: deps.settings.imageRegistries,
    inspection: deps.inspection,
  });
  const entries = inspected.map(({ facts: entry }) => entry);
  const archives = committed.map((archive) => compareArchive(archive, inspected));
  return {
    ...{ environment, texts, umbrella, entries, archives },
    ...(lockBefore !== undefined && { lockBefore }),
    ...judged,
    ...images,
  };
}

/** A dependency whose version changes, or whose values the pull request may have changed. */
function isConcerned(
  { moves, key }: MovedEntry,
  { valuesFiles }: Environment,
  { fork, head }: EnvironmentTexts,
): boolean {
  const own = expandValuesFiles(valuesFiles, [key]);
  return moves || own.some((file) => fork.get(file) !== head.get(file));
}
