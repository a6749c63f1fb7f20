// Operator commands: full resync, status, replay of dead keys.

import type { EnvironmentKey } from "../../domain/model/config/config.ts";
import type { Deployment } from "../../domain/model/deployment.ts";
import type { DriftWatch } from "../../domain/model/drift.ts";
import type { ConfigRepository } from "../../domain/model/github/repository.ts";
import type { WebhookState } from "../../domain/model/github/webhook-state.ts";
import type { HistoryEvent } from "../../domain/model/history.ts";
import type { Problem, Result } from "../../domain/model/problem.ts";
import type { PromotionRecord, Publish } from "../../domain/model/publish.ts";
import type { FailingPoll } from "../../reconcile/ports/store/polls.ts";
import type { Store } from "../../reconcile/ports/store/store.ts";

export interface ServerStatus {
  readonly queue: {
    readonly due: number;
    readonly later: number;
    readonly running: number;
    readonly dead: number;
  };
  /** Dead keys, newest first; `replay` retries them. */
  readonly dead: readonly {
    readonly key: string;
    readonly error: string;
    readonly at: Date;
    readonly tries: number;
  }[];
  readonly repositories: readonly {
    readonly repository: string;
    readonly environments: readonly string[];
    /** Problems of its config file. */
    readonly problems: readonly Problem[];
  }[];
  /** Absent when no server is running. */
  readonly webhooks?: WebhookState;
  /** Whether GitHub is reachable for the running server now, and why not. */
  readonly github?: { readonly answers: boolean; readonly because?: string };
  /** Waiting and refused promotions, the newest publishes first. */
  readonly held: readonly HeldPromotion[];
  /** Chart repositories whose last poll failed. */
  readonly failingPolls: readonly FailingPoll[];
  readonly unfinishedDeployments: readonly Deployment[];
  /** Environments that are watched for drift. */
  readonly watched: readonly (EnvironmentKey & { readonly watch: DriftWatch })[];
  /** Publishes whose chart was not found yet, or whose chart repository does not answer, newest announced first. */
  readonly troubledPublishes: readonly Publish[];
}

export type HeldPromotion = Pick<PromotionRecord, "environment" | "chart" | "because"> & {
  /** `owner/name`. */
  readonly repository: string;
  readonly version: string;
  readonly state: "waiting" | "refused";
};

/** What only a running server knows. */
export interface RunningServer {
  readonly webhooks: () => WebhookState;
  /** Throws when GitHub is unreachable. */
  readonly pingGitHub: () => Promise<unknown>;
}

/** The most entries of each kind. */
const MOST_TROUBLED = 50;

export interface PublishStatus {
  readonly publish: Publish;
  readonly promotions: readonly PromotionRecord[];
}

export interface Control {
  /** Enqueues a full resync of every installation and repository. */
  sync(): Promise<void>;
  status(): Promise<ServerStatus>;
  /** Newest announced first. */
  publishes(filter: { readonly chart?: string; readonly limit: number }): Promise<readonly PublishStatus[]>;
  /** History events since then, oldest first. */
  history(since: Date): Promise<readonly RememberedEvent[]>;
  /** False when the key is not dead. */
  replay(key: string): Promise<boolean>;
  /** Deploys the last deployed commit of an environment again, and returns that commit. */
  redeploy(request: RedeployRequest): Promise<Result<{ readonly sha: string }>>;
}

/** `repository`: `owner/name`; absent when the event has none, or an unknown one. */
export type RememberedEvent = HistoryEvent & { readonly repository?: string };

/** Limit, as the response is not paged. */
const MOST_EVENTS = 50_000;

export interface RedeployRequest {
  /** `owner/name`. */
  readonly repository: string;
  readonly environment: string;
}

/** `actions`: everything that does more than read. */
export function controlOf(
  store: Store,
  actions: Pick<Control, "sync" | "redeploy" | "replay">,
  running?: RunningServer,
): Control {
  return {
    ...actions,
    status: async () => ({ ...(await statusOf(store)), ...(running && (await stateOf(running))) }),
    publishes: async (filter) => {
      const found = await store.publishes.list(filter);
      return Promise.all(
        found.map(async (publish) => ({ publish, promotions: await store.promotions.ofPublish(publish.id) })),
      );
    },
    history: (since) => historySince(since, store),
  };
}

async function historySince(
  since: Date,
  { history, repositories }: Store,
): Promise<readonly RememberedEvent[]> {
  const names = new Map((await repositories.all()).map(({ id, owner, name }) => [id, `${owner}/${name}`]));
  const events = await history.since(since, MOST_EVENTS);
  return events.map((event) => {
    const repository = names.get(event.repositoryId ?? 0);
    return { ...event, ...(repository !== undefined && { repository }) };
  });
}

async function stateOf({ webhooks, pingGitHub }: RunningServer): Promise<Partial<ServerStatus>> {
  const github = await pingGitHub().then(
    () => ({ answers: true }),
    (error: unknown) => ({ answers: false, because: error instanceof Error ? error.message : String(error) }),
  );
  return { webhooks: webhooks(), github };
}

async function held(
  { promotions }: Store,
  known: readonly ConfigRepository[],
): Promise<readonly HeldPromotion[]> {
  const names = new Map(known.map(({ id, owner, name }) => [id, `${owner}/${name}`]));
  const found = await promotions.held(MOST_TROUBLED);
  return found.map(({ repositoryId, environment, chart, version, state, because }) => {
    const repository = names.get(repositoryId) ?? String(repositoryId);
    return { repository, environment, chart, version, state, because };
  });
}

async function troubled(publishes: Store["publishes"]): Promise<readonly Publish[]> {
  const waiting = await publishes.list({ state: "accepted", limit: MOST_TROUBLED });
  const rejected = await publishes.list({ state: "rejected", limit: MOST_TROUBLED });
  const denied = rejected.filter(({ problem }) => problem?.code === "chart-repository-denied");
  return [...waiting.filter(({ problem }) => problem !== undefined), ...denied];
}

async function statusOf(store: Store): Promise<ServerStatus> {
  const { queue, repositories, deployments, polls, publishes, drift } = store;
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
    watched: await drift.watches(),
    troubledPublishes: await troubled(publishes),
    held: await held(store, known),
  };
}
