// What the rest of the program asks of the database. Two adapters answer it: embedded SQLite and PostgreSQL.
// Every write is durable when its promise resolves. Nothing here is the only copy of what GitHub knows.

import type { DeployerCall, Deployment } from "../model/deployment.ts";
import type { Delivery } from "../model/event.ts";
import type { Problem } from "../model/problem.ts";
import type { Announcement, PromotionRecord, Publish, PublishState } from "../model/publish.ts";
import type { ConfigRepository, RepositoryIndex } from "../model/repository.ts";

/** What became of an announcement: new, said before, or at odds with what was said before. */
export type Accepted =
  | { readonly kind: "accepted"; readonly publish: Publish }
  | { readonly kind: "repeat"; readonly publish: Publish }
  | { readonly kind: "conflict"; readonly publish: Publish };

export interface ChartKey {
  readonly chart: string;
  /** Name of the chart repository in server.yaml. */
  readonly repository: string;
}

export interface Publishes {
  /**
   * Keeps an announcement; one publish stands for each (repository, chart, version).
   * A repeat fills in what the first one lacked (digest, values, source; and the publisher, when nobody
   * had announced it: a poll, an upload or a comment had); then, and when it was rejected, it is `accepted` anew, to be
   * looked at again. Another digest than the one kept is a conflict.
   * `webhookId` (unique per publisher): a known one answers `repeat` with the publish it first stood for.
   */
  accept(announcement: Announcement, about: { id: string; at: Date; webhookId?: string }): Promise<Accepted>;
  get(id: string): Promise<Publish | undefined>;
  find(key: ChartKey, version: string): Promise<Publish | undefined>;
  /** Newest announced first. */
  list(filter: { state?: PublishState; chart?: string; limit: number }): Promise<readonly Publish[]>;
  /** Verified publishes of these charts, newest announced first, at most `limit` for each chart. */
  verifiedOf(charts: readonly ChartKey[], limit: number): Promise<readonly Publish[]>;
  /**
   * `routes`: config repositories that have to look at it, put down in the same transaction: at no moment is a publish
   * verified and nobody's business. `digest`: what the chart repository says, kept when the announcement had none.
   */
  verify(
    id: string,
    found: { digest?: string; appVersion?: string; routes?: readonly number[] },
  ): Promise<void>;
  reject(id: string, problem: Problem): Promise<void>;
  /** Notes what keeps an accepted publish waiting; `missingSince`: since when a healthy repository has answered that it is not there. */
  wait(id: string, problem: Problem, missingSince?: Date): Promise<void>;
  /** Says which config repositories have still to look at this publish. */
  route(id: string, repositoryIds: readonly number[]): Promise<void>;
  /** Takes the repository off the publishes' routes. */
  routed(ids: readonly string[], repositoryId: number): Promise<void>;
  /** Repositories that have still to look at this publish. */
  pendingRoutes(id: string): Promise<readonly number[]>;
  /** Publishes that this repository has still to look at. */
  routesOf(repositoryId: number): Promise<readonly string[]>;
  /** Every (publish, repository) still to be looked at: what start-up marks again. */
  allPendingRoutes(): Promise<readonly { readonly publishId: string; readonly repositoryId: number }[]>;
}

export interface Promotions {
  /** One record stands for each (publish, repository, environment); a later one replaces it. */
  record(records: readonly PromotionRecord[]): Promise<void>;
  ofPublish(publishId: string): Promise<readonly PromotionRecord[]>;
  ofRepository(repositoryId: number): Promise<readonly PromotionRecord[]>;
  /** Records of one chart version anywhere, for `after`. */
  ofVersion(key: ChartKey, version: string): Promise<readonly PromotionRecord[]>;
}

export interface Repositories {
  /** Does nothing and answers the other installation when one, and not `from`, is on record for the repository. */
  put(repository: ConfigRepository, from?: number): Promise<number | undefined>;
  /** Keeps what a look saw of it; does nothing when this installation does not cover it any more. */
  renew(repository: ConfigRepository): Promise<void>;
  get(id: number): Promise<ConfigRepository | undefined>;
  findByName(owner: string, name: string): Promise<ConfigRepository | undefined>;
  all(): Promise<readonly ConfigRepository[]>;
  ofInstallation(installationId: number): Promise<readonly ConfigRepository[]>;
  /**
   * Forgets the repository, its index, its deliveries and its routes; publishes and deployments stay on record.
   * `refused` goes on record in the same transaction, except where a promotion is neither proposed nor refused by now.
   * Does nothing and answers false when another installation covers the repository by now.
   */
  remove(
    repository: Pick<ConfigRepository, "id" | "installationId">,
    refused: readonly PromotionRecord[],
  ): Promise<boolean>;
  setIndex(id: number, index: RepositoryIndex): Promise<void>;
  index(id: number): Promise<RepositoryIndex | undefined>;
  /** Who depends on this chart. */
  dependents(key: ChartKey): Promise<readonly number[]>;
}

export interface Deliveries {
  /** `repeat` when this delivery id was kept before, also when it has been dealt with since. */
  keep(delivery: Delivery): Promise<"kept" | "repeat">;
  /** Deliveries not dealt with yet, oldest first. */
  undone(repositoryId: number): Promise<readonly Delivery[]>;
  /** Deliveries received at or after this instant, dealt with or not, oldest first. */
  since(repositoryId: number, instant: Date): Promise<readonly Delivery[]>;
  done(ids: readonly string[]): Promise<void>;
  /** Repositories with undone deliveries: what start-up marks again. */
  waiting(): Promise<readonly number[]>;
  /** Forgets deliveries dealt with before this instant. */
  prune(before: Date): Promise<void>;
}

export interface Deployments {
  /** Keeps the intent before GitHub is asked; `repeat` when (repository, environment, sha) is known. */
  begin(
    deployment: Deployment,
  ): Promise<{ readonly kind: "begun" | "repeat"; readonly deployment: Deployment }>;
  /** Records GitHub's id and the state that follows. */
  created(key: { repositoryId: number; environment: string; sha: string }, githubId: number): Promise<void>;
  byGithubId(githubId: number): Promise<Deployment | undefined>;
  /** Newest first. */
  ofEnvironment(repositoryId: number, environment: string, limit: number): Promise<readonly Deployment[]>;
  /** Not yet in a final state, oldest first. */
  unfinished(): Promise<readonly Deployment[]>;
  list(limit: number): Promise<readonly Deployment[]>;
  update(
    githubId: number,
    change: Partial<
      Pick<
        Deployment,
        "state" | "description" | "log" | "heldUntil" | "emergency" | "overtaken" | "changedAt"
      >
    >,
  ): Promise<void>;
  /** Adds calls that are not there yet, each `waiting`. */
  plan(githubId: number, deployers: readonly string[]): Promise<void>;
  calls(githubId: number): Promise<readonly DeployerCall[]>;
  /** Puts the next state of a call in the place of the one that is known, unless it has changed since: then false. */
  replaceCall(known: DeployerCall, next: DeployerCall): Promise<boolean>;
}

/** What a poll of a chart repository saw last; the first poll only fills it. */
export interface Polls {
  /** `undefined` before the first poll; else chart -> versions, of these charts or of all. At most some hundred charts. */
  seen(
    repository: string,
    charts?: readonly string[],
  ): Promise<ReadonlyMap<string, ReadonlySet<string>> | undefined>;
  /** Adds; never forgets a version that vanished. What it adds is complete before the first poll counts as made. */
  add(repository: string, versions: ReadonlyMap<string, readonly string[]>): Promise<void>;
  /** The validator (ETag) of the last good index. */
  validator(repository: string): Promise<string | undefined>;
  setValidator(repository: string, etag: string): Promise<void>;
  /** A poll failed; `at` counts for the first of several in a row. */
  fail(repository: string, problem: Problem, at: Date): Promise<void>;
  /** A poll went well, or there will be no more. Says whether the one before had failed. */
  recover(repository: string): Promise<boolean>;
  /** By name of the chart repository. */
  failing(): Promise<readonly FailingPoll[]>;
}

/** A chart repository of which the last poll failed. */
export interface FailingPoll {
  readonly repository: string;
  readonly problem: Problem;
  /** When polls began to fail. */
  readonly since: Date;
}

export interface Store {
  readonly publishes: Publishes;
  readonly promotions: Promotions;
  readonly repositories: Repositories;
  readonly deliveries: Deliveries;
  readonly deployments: Deployments;
  readonly polls: Polls;
  readonly queue: Queue;
  /** Resolves when the database answers; rejects otherwise. For /readyz. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * "Look at KEY again, not before T, tried N times." Marks of one key merge; a mark made while the key is being worked on
 * causes one more run afterwards; one key is worked on by one worker at a time across all processes.
 * Keys are `<kind>:<rest>`, e.g. `repository:123`, `publish:<id>`, `deployment:99`, `poll:stakater`, `sync:all`.
 */
export interface Queue {
  /** `after`: not before then; an earlier mark wins over a later one. `priority`: higher first, default 0. */
  mark(key: string, when?: { readonly after?: Date; readonly priority?: number }): Promise<void>;
  /** Starts working. `handle` answers when to look again by itself, if at all; a throw is retried with backoff. */
  work(options: WorkOptions): Promise<void>;
  /** Keys whose tries ran out, newest first. */
  dead(): Promise<
    readonly { readonly key: string; readonly error: string; readonly at: Date; readonly tries: number }[]
  >;
  /** Marks a dead key again; false when it is not dead. */
  replay(key: string): Promise<boolean>;
  /** Marks waiting or being worked on, for metrics and for "is it quiet?". `waiting` counts only those already due. */
  depth(): Promise<{
    readonly due: number;
    readonly later: number;
    readonly running: number;
    readonly dead: number;
  }>;
  /** Takes no more work and waits at most `graceMs` for running work; the rest is given back. */
  stop(graceMs: number): Promise<void>;
}

export interface WorkOptions {
  /** Keys worked on at the same time by this process. */
  readonly concurrency: number;
  /** `tries` counts earlier failures of this key since its last success. `signal` aborts when stopping. */
  readonly handle: (
    key: string,
    tries: number,
    signal: AbortSignal,
  ) => Promise<{ readonly again?: Date } | undefined>;
  /** A throw whose value has `retryAt` waits until then, without using up a try. */
  readonly onFailure: (key: string, error: unknown, outcome: "retry" | "dead") => void;
  /** First delay, growing by `factor` to `maxMs` with full jitter; dead after `giveUpAfterMs` of failing. */
  readonly backoff: {
    readonly firstMs: number;
    readonly factor: number;
    readonly maxMs: number;
    readonly giveUpAfterMs: number;
  };
}
