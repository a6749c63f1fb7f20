// Filters and orders of lists of issues and pull requests.

import type { Issue, PullRequest } from "../world/records.ts";
import type { Repository } from "../world/repositories/repository.ts";

export interface PullFilter {
  readonly states?: readonly ("OPEN" | "CLOSED" | "MERGED")[] | null;
  readonly headRefName?: string | null;
  readonly baseRefName?: string | null;
  readonly labels?: readonly string[] | null;
  readonly orderBy?: Order | null;
}

export interface Order {
  readonly field: "CREATED_AT" | "UPDATED_AT" | "COMMENTS";
  readonly direction: "ASC" | "DESC";
}

export function pullState(pull: PullRequest): "OPEN" | "CLOSED" | "MERGED" {
  if (pull.merge !== undefined) return "MERGED";
  return pull.state === "open" ? "OPEN" : "CLOSED";
}

export function selectPulls(
  pulls: readonly PullRequest[],
  { states, headRefName, baseRefName, labels, orderBy }: PullFilter,
  repository: Repository,
): readonly PullRequest[] {
  const chosen = pulls.filter(
    (pull) =>
      (states?.includes(pullState(pull)) ?? true) &&
      (headRefName == null || pull.head.branch === headRefName) &&
      (baseRefName == null || pull.base.branch === baseRefName) &&
      hasLabel(repository, pull, labels),
  );
  return ordered(chosen, orderBy, repository);
}

export function hasLabel(
  repository: Repository,
  thread: Issue | PullRequest,
  names: readonly string[] | null | undefined,
): boolean {
  if (names == null || names.length === 0) return true;
  return thread.labels.some((id) => names.includes(repository.labels.get(id)?.name ?? ""));
}

export function ordered<T extends Issue | PullRequest>(
  threads: readonly T[],
  order: Order | null | undefined,
  repository: Repository,
): readonly T[] {
  if (order == null) return threads;
  const keys = {
    CREATED_AT: ({ createdAt }: T) => createdAt.getTime(),
    UPDATED_AT: ({ updatedAt }: T) => updatedAt.getTime(),
    COMMENTS: ({ number }: T) =>
      [...repository.comments.values()].filter((one) => one.number === number).length,
  };
  const key = keys[order.field];
  const ascending = threads.toSorted((a, b) => key(a) - key(b) || a.number - b.number);
  return order.direction === "ASC" ? ascending : ascending.reverse();
}

export function oldestFirst(a: { readonly number: number }, b: { readonly number: number }): number {
  return a.number - b.number;
}
