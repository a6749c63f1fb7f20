// A pull request was merged: prove it, and emit one deployment for each environment it touched. Exactly once.

import { readUmbrella } from "../manifest/read-umbrella.ts";
import { commitBefore } from "../merge/before.ts";
import { movedBetween } from "../merge/moved.ts";
import { recogniseMerge } from "../merge/recognise.ts";
import type { Config, Environment } from "../model/config.ts";
import type { Deployment, Moved } from "../model/deployment.ts";
import type { Delivery } from "../model/event.ts";
import type { ConfigRepository } from "../model/repository.ts";
import { repositoryUrls } from "../model/repository-urls.ts";
import type { Files, Umbrella } from "../model/umbrella.ts";
import { recordMerged } from "./promotion-records.ts";
import type { Again, ProofAnswer, World } from "./world.ts";

/** How long GitHub may take to show a merge that it announced. */
const PATIENCE_MS = 2 * 60_000;
const RETRY_MS = 5_000;
/** After an answer was lost, GitHub is given this long to show the deployment before it is asked for again. */
const DOUBT_MS = 15_000;

export interface MergeContext {
  readonly repository: ConfigRepository;
  readonly config: Config;
  readonly world: World;
}

/** Answers when to look again, for a merge that GitHub does not show yet. */
export async function deployMerge(
  merge: { readonly number: number; readonly base: string; readonly since: Date },
  context: MergeContext,
): Promise<Again> {
  const { repository, config, world } = context;
  const targets = config.environments.filter(({ branch }) => branch === merge.base);
  if (targets.length === 0) return undefined;
  const proof = await world.github.proveMerge(repository, { ...merge, environments: targets });
  const now = world.clock();
  const recognised =
    proof &&
    recogniseMerge(
      proof,
      targets.map(({ name, ...target }) => ({ environment: name, ...target })),
    );
  if (!proof || !recognised?.ok) {
    if (now.getTime() - merge.since.getTime() < PATIENCE_MS)
      return { again: new Date(now.getTime() + RETRY_MS) };
    const problems = recognised && !recognised.ok ? recognised.problems : [];
    world.log.warn({ repository: repository.id, number: merge.number, problems }, "merge not proved");
    return undefined;
  }
  const touched = targets.filter(({ name }) => recognised.value.environments.includes(name));
  if (touched.length === 0) return undefined;
  const before = await filesBefore(proof, touched, context);
  const waits: Date[] = [];
  for (const environment of touched) {
    const moved = movedBetween(
      umbrellaIn(before, environment, world),
      umbrellaIn(proof.after, environment, world),
    );
    const outcome = await emit({ environment, proof, sha: recognised.value.sha, moved }, context);
    if (outcome?.again) waits.push(outcome.again);
  }
  return waits[0] ? { again: waits[0] } : undefined;
}

interface Emission {
  readonly environment: Environment;
  readonly proof: ProofAnswer;
  readonly sha: string;
  readonly moved: readonly Moved[];
}

/** The intent is kept before GitHub is asked; what GitHub already has for this commit and environment is taken as ours. */
async function emit(
  { environment, proof, sha, moved }: Emission,
  { repository, world }: MergeContext,
): Promise<Again> {
  const now = world.clock();
  const key = { repositoryId: repository.id, environment: environment.name, sha };
  const intent: Deployment = {
    ...key,
    pullRequest: proof.number,
    promotions: moved,
    state: "creating",
    deployers: environment.deploy,
    createdAt: now,
    changedAt: now,
  };
  const begun = await world.store.deployments.begin(intent);
  if (begun.deployment.githubId === undefined) {
    const there = proof.deployments.find(
      ({ environment: name, task }) => name === environment.name && task === "deploy",
    );
    const doubtUntil = begun.deployment.createdAt.getTime() + DOUBT_MS;
    if (!there && begun.kind === "repeat" && now.getTime() < doubtUntil)
      return { again: new Date(doubtUntil) };
    const githubId = there?.id ?? (await world.github.createDeployment(repository, begun.deployment));
    await world.store.deployments.created(key, githubId);
    world.log.info({ ...key, deployment: githubId }, "deployment created");
  }
  await recordMerged(begun.deployment, world);
  await world.store.queue.mark(`deploy:${repository.id}/${environment.name}`, { priority: 2 });
  return undefined;
}

async function filesBefore(
  proof: ProofAnswer,
  environments: readonly Environment[],
  { repository, world }: MergeContext,
): Promise<ReadonlyMap<string, Files>> {
  const start = commitBefore(proof);
  const first = proof.commits[0]?.parents[0];
  if (start === undefined || start === first) return proof.before;
  return world.github.manifestsAt(repository, start, environments);
}

function umbrellaIn(
  files: ReadonlyMap<string, Files>,
  { name }: Environment,
  { settings }: World,
): Umbrella | undefined {
  const read = readUmbrella(files.get(name) ?? new Map(), repositoryUrls(settings.chartRepositories));
  return read.ok ? read.value : undefined;
}

/** The merges a repository's deliveries tell of, each once. */
export function mergesIn(
  deliveries: readonly Delivery[],
): readonly { readonly number: number; readonly base: string; readonly since: Date }[] {
  const merges = deliveries.flatMap(({ event, receivedAt }) =>
    event.kind === "pull-request-merged"
      ? [[event.number, { number: event.number, base: event.base, since: receivedAt }] as const]
      : [],
  );
  return [...new Map(merges.toReversed()).values()];
}
