// Pushes without a webhook: the head of a branch is not where the announced pushes left it.

import type { Delivery } from "../../domain/model/github/event.ts";
import { nameWithOwner, type RepositoryIndex } from "../../domain/model/github/repository.ts";
import type { Deps, RepositoryContext } from "../context.ts";
import { changeIndex } from "../repository/index/change-index.ts";

const ZERO = /^0+$/;

interface Branches {
  /** Current heads of the branches, as far as they were read. */
  readonly heads: ReadonlyMap<string, string>;
  readonly pushedUntil: RepositoryIndex["pushedUntil"];
}

/**
 * Keeps missed pushes as deliveries, to be audited like announced ones. The first observed head of a branch is the
 * baseline.
 */
export async function keepMissedPushes(
  deliveries: readonly Delivery[],
  { heads, pushedUntil: known = {} }: Branches,
  context: RepositoryContext,
): Promise<void> {
  const { repository, config, deps } = context;
  const until = new Map(Object.entries(known));
  for (const branch of new Set(config.environments.map((environment) => environment.branch))) {
    for (const { event } of deliveries) {
      if (event.kind !== "branch-pushed" || event.branch !== branch) continue;
      // Equal when an earlier reconcile recorded this push but did not finish.
      if (until.get(branch) !== event.after)
        await keepGap({ branch, from: until.get(branch), to: event.before }, context);
      until.set(branch, event.after);
    }
    const head = heads.get(branch);
    if (head === undefined) continue;
    await keepGap({ branch, from: until.get(branch), to: head }, context);
    until.set(branch, head);
  }
  const pushedUntil = Object.fromEntries(until);
  if (JSON.stringify(pushedUntil) !== JSON.stringify(known))
    await changeIndex(repository, { pushedUntil }, deps);
}

interface Gap {
  readonly branch: string;
  readonly from: string | undefined;
  readonly to: string;
}

async function keepGap(
  { branch, from, to }: Gap,
  { repository, deps: { store, clock, log } }: RepositoryContext,
): Promise<void> {
  if (from === undefined || from === to || ZERO.test(from) || ZERO.test(to)) return;
  const push = { branch, before: from, after: to, forced: false, pusher: "" };
  const repositoryId = repository.id;
  const id = await freshId(`missed-${repositoryId}-${from}-${to}`, repositoryId, store);
  if (id === undefined) return;
  log.info({ repository: nameWithOwner(repository), ...push }, "a push that nobody told of");
  await store.deliveries.keep({
    ...{ id, repositoryId, receivedAt: clock() },
    event: { ...push, kind: "push-unexplained", missed: true },
  });
}

/**
 * A branch may make the same move twice. `undefined` while the previous one is still pending: then it is the same push,
 * found again.
 */
async function freshId(
  id: string,
  repositoryId: number,
  { deliveries }: Pick<Deps["store"], "deliveries">,
): Promise<string | undefined> {
  if (!(await deliveries.isKnown(id))) return id;
  const waiting = new Set((await deliveries.undone(repositoryId)).map((one) => one.id));
  for (let time = 2, last = id; ; time += 1) {
    if (waiting.has(last)) return undefined;
    last = `${id}-${time}`;
    if (!(await deliveries.isKnown(last))) return last;
  }
}
