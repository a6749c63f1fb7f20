// Finds out what one head is judged by: the environments that it touches, and each dependency that it moves there or
// whose values it changes.

import type { EnvironmentFacts, HeadFacts } from "../../check/facts.ts";
import { type MovedEntry, movedEntries } from "../../check/moved-entries.ts";
import { isBelow } from "../../merge/recognise.ts";
import type { Config, Environment } from "../../model/config.ts";
import type { HeadAnswer, HeadTexts } from "../../model/head.ts";
import type { ConfigRepository } from "../../model/repository.ts";
import { repositoryUrls } from "../../model/repository-urls.ts";
import { isPromotionBranch } from "../../plan/branches.ts";
import { readTrailers } from "../../plan/trailers.ts";
import { upstreamOf } from "../upstream/upstream.ts";
import type { World } from "../world.ts";
import { gatherImages } from "./check-images.ts";
import { type Inspected, inspect } from "./inspect-chart.ts";

export const HOLD_LABEL = "promotion/hold";

interface HeadContext {
  readonly repository: ConfigRepository;
  readonly config: Config;
  readonly world: World;
}

/** `undefined` when the head touches no environment: then there is nothing to say. */
export async function gatherHeadFacts(
  head: HeadAnswer,
  context: HeadContext,
): Promise<HeadFacts | undefined> {
  const environments: EnvironmentFacts[] = [];
  for (const environment of touchedBy(head, context.config)) {
    const texts = head.texts.get(environment.name);
    if (texts) environments.push(await gatherEnvironment(environment, texts, context));
  }
  if (environments.length === 0) return undefined;
  return {
    environments,
    held: head.labels.includes(HOLD_LABEL),
    rollback: rollbackOf(head),
    now: context.world.clock(),
  };
}

/** The environments on the pull request's base branch whose folder it changes. */
export function touchedBy(
  { baseBranch, files }: Pick<HeadAnswer, "baseBranch" | "files">,
  { environments }: Config,
): readonly Environment[] {
  return environments.filter(
    ({ branch, path }) => branch === baseBranch && files.some((file) => isBelow(file, path)),
  );
}

/** Only where every commit is the App's own, in a pull request of its own: trailers that people write prove nothing. */
function rollbackOf({
  ours,
  isFork,
  headBranch,
  commits,
  commitCount,
}: HeadAnswer): ReadonlyMap<string, string> {
  const genuine =
    ours &&
    !isFork &&
    isPromotionBranch(headBranch) &&
    commits.length === commitCount &&
    commits.every((c) => c.ours);
  const carried = genuine ? readTrailers(commits.at(-1)?.message ?? "") : [];
  return new Map(
    carried.flatMap(({ chart, rolledBackFrom }) =>
      rolledBackFrom === undefined ? [] : [[chart, rolledBackFrom] as const],
    ),
  );
}

async function gatherEnvironment(
  environment: Environment,
  texts: HeadTexts,
  context: HeadContext,
): Promise<EnvironmentFacts> {
  const { repository, world } = context;
  const repositories = repositoryUrls(world.settings.chartRepositories);
  const moved = movedEntries(texts, repositories);
  const facts = { environment, texts, repositories };
  if (!moved.ok) return { ...facts, entries: [], images: [] };
  const upstream = await upstreamOf(environment, repository, world);
  const inspected: Inspected[] = [];
  for (const entry of moved.value.filter((one) => isConcerned(one, environment, texts)))
    inspected.push(await inspect(entry, { environment, texts, upstream, world }));
  const images = await gatherImages(inspected, {
    ...{ environment, texts, registries: world.settings.imageRegistries },
    inspection: world.inspection,
  });
  return { ...facts, entries: inspected.map(({ facts: entry }) => entry), ...images };
}

/** A dependency that moves, or whose values the pull request may have changed. */
function isConcerned(
  { moves, key }: MovedEntry,
  { valuesFiles }: Environment,
  { fork, head }: HeadTexts,
): boolean {
  const own = valuesFiles.map((file) => file.replaceAll("{chart}", key));
  return moves || own.some((file) => fork.get(file) !== head.get(file));
}
