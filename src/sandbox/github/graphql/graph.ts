// The context of every node and mutation: the world as this request may see it, and the factories of other nodes.

import type { Need } from "../http/access.ts";
import type { Viewer } from "../http/tokens.ts";
import type { Account, DeploymentStatus, Reaction } from "../world/records.ts";
import type { Repository } from "../world/repositories/repository.ts";
import type { World } from "../world/world.ts";

/**
 * Factory of an object's node; `null` if there is none. Separate from the nodes, so that they can refer to each other.
 */
export interface NodeMakers {
  readonly repository: (repository: Repository) => object;
  readonly ref: (repository: Repository, name: string) => object | null;
  /** A commit, tree or blob. */
  readonly object: (repository: Repository, oid: string) => object | null;
  readonly pullRequest: (repository: Repository, number: number) => object | null;
  readonly issue: (repository: Repository, number: number) => object | null;
  readonly label: (repository: Repository, id: number) => object | null;
  readonly comment: (repository: Repository, id: number) => object | null;
  readonly review: (repository: Repository, id: number) => object | null;
  readonly deployment: (repository: Repository, id: number) => object | null;
  readonly deploymentStatus: (
    repository: Repository,
    deploymentId: number,
    status: DeploymentStatus,
  ) => object;
  readonly checkRun: (repository: Repository, id: number) => object | null;
  readonly checkSuite: (repository: Repository, id: number) => object | null;
  readonly rollup: (repository: Repository, oid: string) => object | null;
  readonly reaction: (repository: Repository, reaction: Reaction) => object;
  readonly actor: (account: Account) => object;
  readonly app: () => object;
}

export interface Graph {
  readonly world: World;
  readonly viewer: Viewer;
  readonly make: NodeMakers;
  /** The state for a read: the present one, or the one before the last change for a stale read. */
  read(repository: Repository): Repository;
  /** The repository for a change, after all permission checks of this viewer. */
  write(repository: Repository | undefined, ...needs: readonly Need[]): Repository;
}
