// What every node and mutation is given: the world as this request may see it, and the makers of other nodes.

import type { Need } from "../http/access.ts";
import type { Viewer } from "../http/tokens.ts";
import type { Account, DeploymentStatus, Reaction } from "../world/records.ts";
import type { Repository } from "../world/repositories/repository.ts";
import type { World } from "../world/world.ts";

/** Makes the node of a thing; `null` where there is none. Kept apart from the nodes so that they may refer to each other. */
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
  /** The state a read sees: now, or before the last change when the answer is to be stale. */
  read(repository: Repository): Repository;
  /** The repository for a change, after every check that this viewer may make it. */
  write(repository: Repository | undefined, ...needs: readonly Need[]): Repository;
}
