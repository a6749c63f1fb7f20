// The work queue and the GitHub rate limits, with the config repositories that each of them concerns.

import type { Deps } from "../context.ts";
import { parseKey, type WorkKey } from "../keys.ts";

export interface DeadLetter {
  readonly key: string;
  readonly error: string;
  readonly at: Date;
  readonly tries: number;
  /** GitHub's id of the config repository that the key concerns; absent when it concerns none, or several. */
  readonly repositoryId?: number;
}

export interface GitHubLimit {
  readonly installation: number;
  readonly resource: string;
  readonly remaining: number;
}

export interface QueueFacts {
  readonly depth: {
    readonly due: number;
    readonly later: number;
    readonly running: number;
    readonly dead: number;
  };
  /** Due time of the key that has been due longest; absent when none is due. */
  readonly oldestDue?: Date;
  readonly dead: readonly DeadLetter[];
  readonly limits: readonly (GitHubLimit & {
    /** Config repositories of that installation. */
    readonly repositoryIds: readonly number[];
  })[];
  readonly now: Date;
}

export async function readQueue(
  limits: readonly GitHubLimit[],
  { store: { queue, repositories }, clock }: Pick<Deps, "store" | "clock">,
): Promise<QueueFacts> {
  const [depth, dead, oldestDue, known] = await Promise.all([
    queue.depth(),
    queue.dead(),
    queue.oldestDue(),
    repositories.all(),
  ]);
  const covered = Map.groupBy(known, ({ installationId }) => installationId);
  return {
    ...{ depth, now: clock() },
    dead: dead.map((one) => ({ ...one, ...repositoryOf(parseKey(one.key)) })),
    limits: limits.map((one) => ({
      ...one,
      repositoryIds: (covered.get(one.installation) ?? []).map(({ id }) => id),
    })),
    ...(oldestDue && { oldestDue }),
  };
}

function repositoryOf(key: WorkKey | undefined): { readonly repositoryId?: number } {
  if (key?.kind === "repository") return { repositoryId: key.id };
  return key && "repositoryId" in key ? { repositoryId: key.repositoryId } : {};
}
