// Checks whether each push to an environment's branch came from a merged pull request. If not, it is reported, and
// never deployed.

import { unexplained } from "../../domain/merge/unexplained-pushes.ts";
import type { Delivery, RepositoryEvent } from "../../domain/model/github/event.ts";
import type { DirectPush } from "../../domain/model/github/repository.ts";
import type { RepositoryContext } from "../context.ts";
import { noteRequeue } from "../repository/index/pending-requeues.ts";
import type { MergeOutcome } from "./deploy-merge.ts";
import { reportPushes } from "./direct-pushes.ts";

/** Most pushes are merges. Wait this long for the merge's webhook before treating a push as direct. */
const ASK_AFTER_MS = 1_000;
/** A push that looks direct is checked once more after this time, as GitHub's read replica may lag behind its merge. */
const SURE_AFTER_MS = 5_000;

export interface Audited {
  readonly requeueAt: readonly Date[];
  /** Ids of the deliveries whose push is unexplained so far. */
  readonly waiting: ReadonlySet<string>;
  /** Set when a direct push was found: it may have removed a merge from the branch, so everything is planned again. */
  readonly resyncAt: readonly Date[];
}

type Push = Extract<RepositoryEvent, { kind: "push-unexplained" }>;
const ZERO = /^0+$/;

export async function auditPushes(
  deliveries: readonly Delivery[],
  outcomes: readonly MergeOutcome[],
  context: RepositoryContext,
): Promise<Audited> {
  await setAside(deliveries, outcomes, context);
  const { repository, deps } = context;
  const now = deps.clock();
  const requeueAt: Date[] = [];
  const waiting = new Set<string>();
  const found: DirectPush[] = [];
  const judged: string[] = [];
  for (const { id, event, receivedAt } of await deps.store.deliveries.undone(repository.id)) {
    if (event.kind !== "push-unexplained") continue;
    const age = now.getTime() - receivedAt.getTime();
    const direct = await directPushes(event, age, { ...context, outcomes });
    if (direct && (direct.length === 0 || age >= SURE_AFTER_MS)) {
      found.push(...direct);
      judged.push(id);
      continue;
    }
    waiting.add(id);
    requeueAt.push(new Date(receivedAt.getTime() + (direct ? SURE_AFTER_MS : ASK_AFTER_MS)));
  }
  await reportPushes(found, context);
  if (found.length > 0) await noteRequeue(repository, now, deps);
  await deps.store.deliveries.done(judged);
  return { requeueAt, waiting, resyncAt: found.length > 0 ? [now] : [] };
}

/**
 * Turns pushes that no merge of this reconcile explains into `push-unexplained` deliveries, which do not widen the read
 * plan.
 */
async function setAside(
  deliveries: readonly Delivery[],
  outcomes: readonly MergeOutcome[],
  context: RepositoryContext,
): Promise<void> {
  const { config, deps } = context;
  const branches = new Set(config.environments.map(({ branch }) => branch));
  for (const delivery of deliveries) {
    const { event } = delivery;
    if (event.kind !== "branch-pushed" || !branches.has(event.branch)) continue;
    // A created branch has nothing before it to compare with, and a deleted one has nothing to deploy.
    if (ZERO.test(event.before) || ZERO.test(event.after)) continue;
    const push: Push = { ...event, kind: "push-unexplained" };
    if (await isExplained(push, outcomes, context)) continue;
    await deps.store.deliveries.keep({ ...delivery, id: `${delivery.id}-audit`, event: push });
  }
}

/** A push whose head is a proved merge commit contains that merge, or the merge queue's group of merges. */
async function isExplained(
  { after, forced, branch }: Push,
  outcomes: readonly MergeOutcome[],
  { repository, config, deps }: RepositoryContext,
): Promise<boolean> {
  if (forced) return false;
  if (outcomes.some(({ proved }) => proved?.sha === after)) return true;
  for (const { name } of config.environments.filter((environment) => environment.branch === branch)) {
    const past = await deps.store.deployments.ofEnvironment(repository.id, name, 100);
    if (past.some(({ sha }) => sha === after)) return true;
  }
  return false;
}

/** `undefined` while it is too early to query GitHub. */
async function directPushes(
  push: Push,
  age: number,
  context: RepositoryContext & { readonly outcomes: readonly MergeOutcome[] },
): Promise<readonly DirectPush[] | undefined> {
  const { repository, config, deps, outcomes } = context;
  if (await isExplained(push, outcomes, context)) return [];
  if (age < ASK_AFTER_MS) return undefined;
  const { branch, before, after, forced, pusher, missed = false } = push;
  const environments = config.environments.filter((environment) => environment.branch === branch);
  const range = await deps.github.in(repository).pushRange({
    ...{ branch, before, after, forced, missed, environments },
  });
  if (!range) return [];
  const names = environments.map(({ name }) => name);
  return [...unexplained(range, names)].map(([environment, commits]) => ({
    environment,
    branch,
    after,
    forced,
    pusher,
    headlines: commits.map(({ headline }) => headline),
  }));
}
