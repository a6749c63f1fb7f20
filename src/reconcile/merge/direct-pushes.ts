// The issue that lists pushes which reached an environment's branch without a merged pull request.

import type { ObservedState } from "../../domain/model/github/observed-state.ts";
import type { DirectPush } from "../../domain/model/github/repository.ts";
import { nameWithOwner } from "../../domain/model/github/repository.ts";
import type { RepositoryContext } from "../context.ts";
import { restoreDrift } from "../drift/restore-drift.ts";
import { changeIndex } from "../repository/index/change-index.ts";
import type { MergeOutcome } from "./deploy-merge.ts";
import { describeDirectPushes, keptPushes, readDirectPushes } from "./push-issue.ts";

/**
 * The recorded pushes. With a new record they are restored from the open issue, in one request, which restores drift as
 * well; empty when no issue is open.
 */
export async function knownPushes({
  repository,
  counts,
  deps,
}: Pick<RepositoryContext, "repository" | "deps"> & Pick<ObservedState, "counts">): Promise<
  readonly DirectPush[]
> {
  const known = (await deps.store.repositories.index(repository.id))?.directPushes;
  if (known) return known;
  const issues = counts?.openIssues === 0 ? [] : await deps.github.in(repository).ownIssues();
  await restoreDrift(issues, { repository, deps });
  const directPushes = readDirectPushes(issues);
  await changeIndex(repository, { directPushes }, deps);
  return directPushes;
}

/** Adds pushes to the issue. A forced push replaces the branch, so earlier pushes to its environment are dropped. */
export async function reportPushes(
  pushed: readonly DirectPush[],
  { repository, deps }: RepositoryContext,
): Promise<void> {
  const found: DirectPush[] = [];
  for (const push of pushed) if (!(await isDeployed(push, { repository, deps }))) found.push(push);
  if (found.length === 0) return;
  const known = await knownPushes({ repository, deps });
  const directPushes = together(known, found);
  await deps.github.in(repository).upsertIssue(describeDirectPushes(directPushes));
  await changeIndex(repository, { directPushes }, deps);
  const named = keptPushes(found);
  deps.log.warn({ repository: nameWithOwner(repository), found: named }, "pushed without a pull request");
}

/** How many deployments are searched for the newest one that repeats no other. */
const CONSIDERED = 100;

/**
 * Whether the deployment of a later merge already contains the push: a repeat, which may be newer, has an older commit.
 * A forced push is never contained in earlier deployments.
 */
async function isDeployed(
  { environment, after, forced }: DirectPush,
  { repository, deps }: Pick<RepositoryContext, "repository" | "deps">,
): Promise<boolean> {
  if (forced) return false;
  const past = await deps.store.deployments.ofEnvironment(repository.id, environment, CONSIDERED);
  const newest = past.find(({ repeats }) => repeats === undefined);
  if (!newest) return false;
  const reached = await deps.github.in(repository).containment([newest.sha, after]);
  return reached.get(newest.sha)?.has(after) === true;
}

/** Without duplicates, the newest last; a push with a webhook replaces the same one found without. */
function together(known: readonly DirectPush[], found: readonly DirectPush[]): readonly DirectPush[] {
  const forced = new Set(found.filter((push) => push.forced).map(({ environment }) => environment));
  const all = new Map<string, DirectPush>();
  for (const push of [...known.filter(({ environment }) => !forced.has(environment)), ...found]) {
    const key = `${push.environment} ${push.after}`;
    if (all.has(key) && push.pusher === "") continue;
    all.delete(key);
    all.set(key, push);
  }
  return keptPushes([...all.values()]);
}

/** Removes pushes that a deployment now contains, and closes the issue when none is left. */
export async function deployedSince(
  outcomes: readonly MergeOutcome[],
  { repository, deps }: RepositoryContext,
): Promise<void> {
  const emitted = outcomes.filter(({ deployed }) => deployed.length > 0);
  if (emitted.length === 0) return;
  const known = await knownPushes({ repository, deps });
  const left: DirectPush[] = [];
  for (const push of known) {
    if (!(await isContained(push, emitted, { repository, deps }))) left.push(push);
  }
  if (left.length === known.length) return;
  await deps.github.in(repository).upsertIssue(describeDirectPushes(left));
  await changeIndex(repository, { directPushes: left }, deps);
}

async function isContained(
  { environment, after }: DirectPush,
  emitted: readonly MergeOutcome[],
  { repository, deps }: Pick<RepositoryContext, "repository" | "deps">,
): Promise<boolean> {
  for (const { deployed, proved } of emitted) {
    if (!proved || !deployed.includes(environment)) continue;
    if (proved.contains.includes(after)) return true;
    const reached = await deps.github.in(repository).containment([proved.sha, after]);
    if (reached.get(proved.sha)?.has(after)) return true;
  }
  return false;
}
