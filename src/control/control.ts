// What an operator may ask of the program: look at everything again, what goes on, and one more try for what was given up.

import type { Deployment } from "../model/deployment.ts";
import type { Problem } from "../model/problem.ts";
import type { PromotionRecord, Publish } from "../model/publish.ts";
import type { FailingPoll, Store } from "../store/store.ts";

export interface Status {
  readonly queue: {
    readonly due: number;
    readonly later: number;
    readonly running: number;
    readonly dead: number;
  };
  /** Marks that were given up, newest first: `replay` takes their keys. */
  readonly dead: readonly {
    readonly key: string;
    readonly error: string;
    readonly at: Date;
    readonly tries: number;
  }[];
  readonly repositories: readonly {
    readonly repository: string;
    readonly environments: readonly string[];
    /** What is wrong with its config file. */
    readonly problems: readonly Problem[];
  }[];
  /** Chart repositories of which the last poll failed. */
  readonly failingPolls: readonly FailingPoll[];
  readonly unfinishedDeployments: readonly Deployment[];
}

export interface PublishStatus {
  readonly publish: Publish;
  readonly promotions: readonly PromotionRecord[];
}

export interface Control {
  /** Has every installation and repository looked at again. */
  sync(): Promise<void>;
  status(): Promise<Status>;
  /** Newest announced first. */
  publishes(filter: { readonly chart?: string; readonly limit: number }): Promise<readonly PublishStatus[]>;
  /** False when there is no dead mark of this key. */
  replay(key: string): Promise<boolean>;
}

export function controlOf(store: Store): Control {
  return {
    sync: () => store.queue.mark("sync:all", { priority: 1 }),
    status: () => statusOf(store),
    publishes: async (filter) => {
      const found = await store.publishes.list(filter);
      return Promise.all(
        found.map(async (publish) => ({ publish, promotions: await store.promotions.ofPublish(publish.id) })),
      );
    },
    replay: (key) => store.queue.replay(key),
  };
}

async function statusOf({ queue, repositories, deployments, polls }: Store): Promise<Status> {
  const known = await repositories.all();
  return {
    queue: await queue.depth(),
    dead: await queue.dead(),
    repositories: await Promise.all(
      known.map(async ({ id, owner, name }) => {
        const index = await repositories.index(id);
        const environments = (index?.config?.environments ?? []).map((environment) => environment.name);
        return { repository: `${owner}/${name}`, environments, problems: index?.problems ?? [] };
      }),
    ),
    failingPolls: await polls.failing(),
    unfinishedDeployments: await deployments.unfinished(),
  };
}
