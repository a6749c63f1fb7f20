// Splits a query for many environments into documents within GitHub's limits.

import type { EnvironmentQuery } from "../../../domain/model/github/observed-state.ts";
import type { Snapshot } from "../../../domain/model/github/snapshot.ts";

/**
 * Promotion branches per document. Each costs up to 1,490 nodes of the 500,000 that GitHub allows one document
 * (docs.github.com, "Rate limits and query limits for the GraphQL API"), within its timeout of ten seconds.
 */
const BRANCHES = 100;
/** Environments per document whose files are read. */
const ENVIRONMENTS = 100;
/**
 * Files per document, unless one environment has more. Building a document of twelve thousand files blocks the event
 * loop for a quarter of a second.
 */
const FILES = 2_000;

/** In order; an environment with too many branches for one document is split over several. At least one document. */
export function byDocument(
  environments: readonly EnvironmentQuery[],
): readonly (readonly EnvironmentQuery[])[] {
  const documents: EnvironmentQuery[][] = [];
  let room = { environments: 0, branches: 0, files: 0 };
  for (const part of environments.flatMap(parts)) {
    const { branches, files } = part;
    const isFull = room.environments < 1 || room.branches < branches.length || room.files < files.length;
    if (isFull) documents.push([]);
    if (isFull) room = { environments: ENVIRONMENTS, branches: BRANCHES, files: FILES };
    documents.at(-1)?.push(part);
    room = {
      environments: room.environments - 1,
      branches: room.branches - branches.length,
      files: room.files - files.length,
    };
  }
  return documents.length > 0 ? documents : [[]];
}

function parts(environment: EnvironmentQuery): readonly EnvironmentQuery[] {
  const { branches } = environment;
  if (branches.length <= BRANCHES) return [environment];
  const count = Math.ceil(branches.length / BRANCHES);
  return Array.from({ length: count }, (_, n) => ({
    ...environment,
    branches: branches.slice(n * BRANCHES, (n + 1) * BRANCHES),
  }));
}

/** For an environment in several documents: the files of the first, and the branches of all. */
export function joinSnapshots(
  answers: readonly ReadonlyMap<string, Snapshot>[],
): ReadonlyMap<string, Snapshot> {
  const joined = new Map<string, Snapshot>();
  for (const [name, snapshot] of answers.flatMap((answer) => [...answer])) {
    const known = joined.get(name) ?? snapshot;
    joined.set(name, { ...known, branches: new Map([...known.branches, ...snapshot.branches]) });
  }
  return joined;
}
