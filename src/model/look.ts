// One look at a config repository: what is asked of GitHub, and what it answers.

import type { NodeIds } from "./draft.ts";
import type { Snapshot } from "./snapshot.ts";

export interface EnvironmentAsked {
  readonly name: string;
  /** Folder in the repository, "" for its root. */
  readonly path: string;
  readonly branch: string;
  /** Files to read, below the folder. */
  readonly files: readonly string[];
  /** Promotion branches to observe, without `refs/heads/`. */
  readonly branches: readonly string[];
  /** What a pull request that may be opened there names. */
  readonly names?: NamesAsked;
}

export interface NamesAsked {
  readonly labels: readonly string[];
  readonly users: readonly string[];
}

export interface LookAnswer {
  /** Node id, for mutations. */
  readonly nodeId: string;
  readonly nameWithOwner: string;
  readonly archived: boolean;
  readonly autoMergeAllowed: boolean;
  readonly defaultBranch?: string;
  /** Commit at the head of the default branch. */
  readonly defaultHead?: string;
  readonly config?: { readonly oid: string; readonly text: string };
  /** By environment; one whose branch does not exist is missing. */
  readonly snapshots: ReadonlyMap<string, Snapshot>;
  /** Of the names asked for. */
  readonly ids: NodeIds;
}
