// Finds the object of a global node id.

import { type NodeType, parseNodeId } from "../shapes/node-id.ts";
import type { Account } from "../world/records.ts";
import { notFound } from "../world/refusal.ts";
import type { Repository } from "../world/repositories/repository.ts";
import type { World } from "../world/world.ts";
import type { Graph } from "./graph.ts";

/** A thing inside a repository: which, and by what key. */
export interface Found {
  readonly type: NodeType;
  readonly repository: Repository;
  /** Number, database id, ref name or object id, by type. */
  readonly key: string | number;
}

/** Throws GitHub's NOT_FOUND for an id of another type, or of nothing. */
export function findNode(world: World, id: string, ...types: readonly NodeType[]): Found {
  const parsed = parseNodeId(id);
  const [repositoryId, key] = parsed?.keys ?? [];
  const repository = typeof repositoryId === "number" ? world.repositories.get(repositoryId) : undefined;
  const fits = parsed !== undefined && (types.length === 0 || types.includes(parsed.type));
  if (!fits || repository === undefined) throw unresolved(id);
  return {
    type: parsed.type,
    repository,
    key: typeof key === "number" || typeof key === "string" ? key : repository.id,
  };
}

export function findRepository(world: World, id: string): Repository {
  return findNode(world, id, "Repository").repository;
}

/** A thing with a number for its key. */
export function findNumbered(
  world: World,
  id: string,
  ...types: readonly NodeType[]
): Found & { readonly key: number } {
  const found = findNode(world, id, ...types);
  if (typeof found.key !== "number") throw unresolved(id);
  return { ...found, key: found.key };
}

export function findAccount(world: World, id: string): Account {
  const parsed = parseNodeId(id);
  const account = [...world.accounts.values()].find((one) => one.id === parsed?.keys[0]);
  if (account === undefined || !["User", "Bot", "Organization"].includes(parsed?.type ?? ""))
    throw unresolved(id);
  return account;
}

/** GitHub's message; it may occur for some seconds after an object was created. */
export function unresolved(id: string) {
  return notFound(`Could not resolve to a node with the global id of '${id}'`);
}

/** The node itself, for `node(id:)`. */
export function nodeOf(graph: Graph, id: string): object {
  const account = parseNodeId(id)?.type;
  if (account === "User" || account === "Bot" || account === "Organization")
    return graph.make.actor(findAccount(graph.world, id));
  const found = findNode(graph.world, id);
  const repository = graph.read(found.repository);
  const node = nodeIn(graph, { ...found, repository });
  if (node === null) throw unresolved(id);
  return node;
}

function nodeIn(graph: Graph, { type, repository, key }: Found): object | null {
  const { make } = graph;
  if (type === "Repository") return make.repository(repository);
  if (typeof key === "string")
    return type === "Ref" ? make.ref(repository, key) : make.object(repository, key);
  const makers: { readonly [numbered in NodeType]?: (repository: Repository, key: number) => object | null } =
    {
      PullRequest: make.pullRequest,
      Issue: make.issue,
      Label: make.label,
      IssueComment: make.comment,
      PullRequestReview: make.review,
      Deployment: make.deployment,
      CheckRun: make.checkRun,
      CheckSuite: make.checkSuite,
    };
  return makers[type]?.(repository, key) ?? null;
}
