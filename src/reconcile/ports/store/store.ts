// What the rest of the program asks of the database. Two adapters answer it: embedded SQLite and PostgreSQL.
// Every write is durable when its promise resolves. Nothing here is the only copy of what GitHub knows.

import type { EnvironmentKey } from "../../../domain/model/config/config.ts";
import type { DeployerCall, Deployment } from "../../../domain/model/deployment.ts";
import type { Delivery } from "../../../domain/model/github/event.ts";
import type { ConfigRepository, RepositoryIndex } from "../../../domain/model/github/repository.ts";
import type { Problem } from "../../../domain/model/problem.ts";
import type {
  Announcement,
  ChartChange,
  ChartKey,
  HeldRecord,
  PromotionRecord,
  Publish,
  PublishState,
} from "../../../domain/model/publish.ts";
import type { DashboardIssues } from "../dashboard-issues.ts";
import type { TracedCalls } from "../traced-calls.ts";
import type { BoardRecords } from "./board-records.ts";
import type { Checks, JudgedPullRequest } from "./checks.ts";
import type { DriftRecords } from "./drift-records.ts";
import type { Glances } from "./glances.ts";
import type { EventHistory } from "./history.ts";
import type { Permissions } from "./permission-records.ts";
import type { Retention } from "./retention.ts";
import type { SessionRecords } from "./session-records.ts";

/** What became of an announcement: new, said before, or at odds with what was said before. */
export type Accepted =
  | { readonly kind: "accepted"; readonly publish: Publish }
  | { readonly kind: "repeat"; readonly publish: Publish }
  | { readonly kind: "conflict"; readonly publish: Publish };

interface AboutAnnouncement {
  readonly id: string;
  readonly at: Date;
  readonly webhookId?: string;
  /** What is to be done about the publish that stands for it: enqueued in the same transaction. */
  readonly workFor?: (accepted: Accepted) => QueuedWork | undefined;
}

/** What came of looking for an accepted publish in its chart repository. */
export type Sighting = { readonly id: string } & (
  | {
      readonly kind: "verified";
      /** What the chart repository says, kept when the announcement had none. */
      readonly digest?: string;
      readonly appVersion?: string;
    }
  | { readonly kind: "rejected"; readonly problem: Problem }
  /** `missingSince`: since when a repository that answers has said so. `lookedAt`: when it was looked for last. */
  | {
      readonly kind: "waiting";
      readonly problem: Problem;
      readonly missingSince?: Date;
      readonly lookedAt: Date;
    }
);

/** One that a config repository has still to reconcile; `route`: another number each time that it was said so. */
export interface RoutedPublish extends Publish {
  readonly route: number;
}

export interface Publishes {
  /**
   * Keeps an announcement; one publish stands for each (repository, chart, version).
   * A repeat fills in what the first one lacked (digest, values, source; and the publisher, when nobody
   * had announced it: a poll, an upload or a comment had). Then a verified one stays so, and is routed once more to who
   * depends on it; one that was rejected, but not as `chart-digest`, is `accepted` anew, to be verified again. Another
   * digest than the one kept is a conflict.
   * `webhookId` (unique per publisher): a known one answers `repeat` with the publish it first stood for.
   */
  accept(announcement: Announcement, about: AboutAnnouncement): Promise<Accepted>;
  /** As `accept`, when that makes nothing wait that does not wait already; else `undefined`, and nothing is kept. */
  acceptRepeat(announcement: Announcement, about: AboutAnnouncement): Promise<Accepted | undefined>;
  /** Publishes of this publisher that are `accepted`; `bytes` as of `bytesOf`. Read of an index alone. */
  waitingOf(publisher: string): Promise<{ readonly count: number; readonly bytes: number }>;
  get(id: string): Promise<Publish | undefined>;
  find(key: ChartKey, version: string): Promise<Publish | undefined>;
  /** Newest announced first. */
  list(filter: { state?: PublishState; chart?: string; limit: number }): Promise<readonly Publish[]>;
  /**
   * Accepted publishes of one chart: first those that nobody has looked for yet, the newest first, then those that were looked
   * for longest ago.
   */
  unverified(key: ChartKey, limit: number): Promise<readonly Publish[]>;
  /** Charts with accepted publishes, each with the publisher of one of them. */
  unverifiedCharts(): Promise<readonly (ChartKey & Pick<Publish, "publisher">)[]>;
  /** Verified publishes of these charts, newest announced first, at most `limit` for each chart. */
  verifiedOf(charts: readonly ChartKey[], limit: number): Promise<readonly Publish[]>;
  /**
   * Keeps what came of looking for publishes, all of it or none. `routes`: config repositories that have to reconcile those that
   * are verified, written in the same transaction: at no moment is a publish verified and nobody's business.
   */
  keepSightings(sightings: readonly Sighting[], routes: readonly number[]): Promise<void>;
  /** As `keepSightings` of one. */
  verify(
    id: string,
    found: { digest?: string; appVersion?: string; routes?: readonly number[] },
  ): Promise<void>;
  reject(id: string, problem: Problem): Promise<void>;
  /**
   * What the chart repository has of a verified publish now. `routes`: who has to reconcile it, `work`: that they do; both are written in
   * the same transaction.
   */
  noteChange(
    id: string,
    change: ChartChange | undefined,
    next: { readonly routes: readonly number[]; readonly work: readonly QueuedWork[] },
  ): Promise<void>;
  /** Says which config repositories have still to reconcile these publishes. */
  route(ids: readonly string[], repositoryIds: readonly number[]): Promise<void>;
  /** Takes the repository off the publishes' routes. */
  routed(ids: readonly string[], repositoryId: number): Promise<void>;
  /** The same, but for publishes that were routed there once more since these were read: something of them is another by now. */
  planned(publishes: readonly RoutedPublish[], repositoryId: number): Promise<void>;
  /** Repositories that have not reconciled this publish yet. */
  pendingRoutes(id: string): Promise<readonly number[]>;
  /** Publishes that this repository has still to reconcile: all of them, or at most `limit`. */
  routesOf(repositoryId: number, limit?: number): Promise<readonly string[]>;
  /** Those of them that are verified, the newest announced first. */
  pendingFor(repositoryId: number, limit: number): Promise<readonly RoutedPublish[]>;
  /** Repositories that have still to reconcile publishes of this chart. */
  routedFrom(key: ChartKey): Promise<readonly number[]>;
  /** Every (publish, repository) still to be reconciled: what start-up enqueues. */
  allPendingRoutes(): Promise<readonly { readonly publishId: string; readonly repositoryId: number }[]>;
}

export interface Promotions {
  /** One record stands for each (publish, repository, environment); a later one replaces it. */
  record(records: readonly PromotionRecord[]): Promise<void>;
  ofPublish(publishId: string): Promise<readonly PromotionRecord[]>;
  ofRepository(repositoryId: number): Promise<readonly PromotionRecord[]>;
  ofEnvironment(key: EnvironmentKey): Promise<readonly PromotionRecord[]>;
  /** Records of one chart version anywhere, for `after`. */
  ofVersion(key: ChartKey, version: string): Promise<readonly PromotionRecord[]>;
  /** Those that wait or are refused, with their publish's version; newest announced first. */
  held(limit: number): Promise<readonly HeldRecord[]>;
}

/** `index` is absent until the config was looked for. */
export interface IndexedRepository {
  readonly repository: ConfigRepository;
  readonly index?: RepositoryIndex | undefined;
}

export interface Repositories {
  /** Does nothing and answers the other installation when one, and not `from`, is on record for the repository. */
  put(repository: ConfigRepository, from?: number): Promise<number | undefined>;
  /** Stores the observed owner, name and branch; does nothing when this installation does not cover it any more. */
  renew(repository: ConfigRepository): Promise<void>;
  get(id: number): Promise<ConfigRepository | undefined>;
  withIndex(id: number): Promise<IndexedRepository | undefined>;
  /** `owner/name`; the last one known where it was removed since. */
  namesOf(ids: readonly number[]): Promise<ReadonlyMap<number, string>>;
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
  /** Changes some of the index, where there is one; who depends on what stays. */
  changeIndex(id: number, change: Omit<Partial<RepositoryIndex>, "dependents">): Promise<void>;
  index(id: number): Promise<RepositoryIndex | undefined>;
  /** Those whose config has this key in any environment, and perhaps others, in the order of their ids. */
  withKey(
    key: "after" | "drift",
  ): Promise<readonly (IndexedRepository & { readonly index: RepositoryIndex })[]>;
  /** Whether there is one whose config was not looked for yet. */
  isAnyUnread(): Promise<boolean>;
  /** Who depends on this chart. */
  dependents(key: ChartKey): Promise<readonly number[]>;
  /** The charts of this chart repository that anybody depends on, in alphabetical order. */
  chartsFrom(chartRepository: string): Promise<readonly string[]>;
}

export interface Deliveries {
  /** `repeat` when this delivery id was kept before, also when it has been dealt with since. */
  keep(delivery: Delivery): Promise<"kept" | "repeat">;
  /**
   * Keeps them and enqueues what they are a reason for, both or none: a run that had one without the other would find no reason the
   * next time, and read everything.
   */
  keepAndEnqueue(deliveries: readonly Delivery[], work: QueuedWork): Promise<void>;
  /** Whether a delivery of this id was kept, and not forgotten since. */
  isKnown(id: string): Promise<boolean>;
  /** Deliveries not dealt with yet, oldest first. */
  undone(repositoryId: number): Promise<readonly Delivery[]>;
  /** Deliveries received at or after this instant, dealt with or not, oldest first. */
  since(repositoryId: number, instant: Date): Promise<readonly Delivery[]>;
  done(ids: readonly string[]): Promise<void>;
  /** Repositories with undone deliveries: what start-up enqueues. */
  waiting(): Promise<readonly number[]>;
  /** Forgets deliveries dealt with before this instant. */
  prune(before: Date): Promise<void>;
}

/** `repeats`: of one that is none, absent. */
export type DeploymentKey = Pick<Deployment, "repositoryId" | "environment" | "sha" | "repeats">;

export interface Deployments {
  /**
   * Keeps the intent before GitHub is asked; `repeat` when (repository, environment, sha, intent of its repeat) is known.
   * `mergedBy`: login, for the history.
   */
  begin(
    deployment: Deployment,
    mergedBy?: string,
  ): Promise<{ readonly kind: "begun" | "repeat"; readonly deployment: Deployment }>;
  /** Records GitHub's id and the state that follows. */
  created(key: DeploymentKey, githubId: number): Promise<void>;
  byGithubId(githubId: number): Promise<Deployment | undefined>;
  /** Newest first. */
  ofEnvironment(repositoryId: number, environment: string, limit: number): Promise<readonly Deployment[]>;
  /** Not yet in a final state, oldest first; of one repository, or of all. */
  unfinished(repositoryId?: number): Promise<readonly Deployment[]>;
  list(limit: number): Promise<readonly Deployment[]>;
  /** How many heals there were, forgotten ones too, by environment. */
  heals(): Promise<readonly (EnvironmentKey & { readonly count: number })[]>;
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

/** One version of a chart as a pull request's check found it in its chart repository. */
export interface JudgedChart extends ChartKey {
  readonly version: string;
  /** `sha256:…` of the archive; absent where the repository does not say, and for a version that is not there. */
  readonly digest?: string;
  /** Of the manifest, in a registry. */
  readonly manifestDigest?: string;
  readonly isThere: boolean;
}

export interface JudgedPullRequestChart extends JudgedChart, JudgedPullRequest {
  /** Whether a listing of the repository agreed with it. */
  readonly isConfirmed: boolean;
}

/** Which chart versions the checks of open pull requests rest on: what they are judged anew for when one of those changes. */
export interface JudgedCharts {
  /** In the place of what was kept of this pull request, unless that is the same; none for one that is open no more. */
  put(pullRequest: JudgedPullRequest, charts: readonly JudgedChart[]): Promise<void>;
  /** Forgets every pull request of the repository but these. */
  keepOnly(repositoryId: number, numbers: readonly number[]): Promise<void>;
  /** Of one chart repository, by pull request and chart. */
  of(chartRepository: string): Promise<readonly JudgedPullRequestChart[]>;
  /** A listing agreed with these; what was put down anew meanwhile stays unconfirmed. */
  confirm(judged: readonly JudgedPullRequestChart[]): Promise<void>;
  /** A listing did not agree with these: they are unconfirmed again. */
  doubt(judged: readonly JudgedPullRequestChart[]): Promise<void>;
}

/** What is polled by itself: a chart repository, or one chart of a registry. */
export interface PollKey {
  /** Name in server.yaml. */
  readonly repository: string;
  readonly chart?: string;
}

/** What a poll of a chart repository saw last; the first poll only fills it. */
export interface Polls {
  /** Whether a first poll of it was made. */
  isPolled(key: PollKey): Promise<boolean>;
  /** Chart -> versions that any poll saw, of these charts or of all. At most some hundred charts. */
  seen(repository: string, charts?: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  /** Adds; never forgets a version that vanished. What it adds is complete before the first poll counts as made. */
  add(key: PollKey, versions: ReadonlyMap<string, readonly string[]>): Promise<void>;
  /** The validator (ETag) of the last good listing. */
  validator(key: PollKey): Promise<string | undefined>;
  setValidator(key: PollKey, etag: string): Promise<void>;
  /** A poll failed; `at` counts for the first of several in a row. */
  fail(key: PollKey, problem: Problem, at: Date): Promise<void>;
  /** A poll went well. Says whether the one before had failed. */
  recover(key: PollKey): Promise<boolean>;
  /** Of a repository, nothing is polled any more but the charts named here: what failed of the others is forgotten. */
  keepFailing(repository: string, charts: readonly string[]): Promise<void>;
  /** By name of the chart repository, then of the chart. */
  failing(): Promise<readonly FailingPoll[]>;
}

/** A chart repository, or one chart of a registry, of which the last poll failed. */
export interface FailingPoll extends PollKey {
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
  readonly drift: DriftRecords;
  readonly history: EventHistory;
  readonly board: BoardRecords;
  readonly checks: Checks;
  readonly glances: Glances;
  readonly polls: Polls;
  readonly judgedCharts: JudgedCharts;
  readonly permissions: Permissions;
  readonly dashboardIssues: DashboardIssues;
  readonly tracedCalls: TracedCalls;
  readonly retention: Retention;
  readonly sessions: SessionRecords;
  readonly queue: Queue;
  /** Resolves when the database answers; rejects otherwise. For /readyz. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * "Reconcile KEY, not before T, tried N times." Enqueues of one key merge; one made while the key is being worked on
 * causes one more run afterwards; one key is worked on by one worker at a time across all processes.
 * Keys are `<kind>:<rest>`, as keys.ts prints them, such as `repository:123`.
 */
export interface Queue {
  enqueue(key: string, when?: When): Promise<void>;
  /** All of them or none. */
  enqueueAll(work: readonly QueuedWork[]): Promise<void>;
  /** Starts working. `reconcile` answers when to requeue, if at all; a throw is retried with backoff. */
  work(options: WorkOptions): Promise<void>;
  /** Keys whose tries ran out, newest first. */
  dead(): Promise<
    readonly { readonly key: string; readonly error: string; readonly at: Date; readonly tries: number }[]
  >;
  /** Enqueues a dead key again; false when it is not dead. */
  replay(key: string): Promise<boolean>;
  /** Keys waiting or being worked on, for metrics and for "is it idle?". `waiting` counts only those already due. */
  depth(): Promise<{
    readonly due: number;
    readonly later: number;
    readonly running: number;
    readonly dead: number;
  }>;
  /** Since when the key that has been due longest is due; absent when none is. */
  oldestDue(): Promise<Date | undefined>;
  /** Until a key is due next; `undefined` where none is due later. */
  msToNext(): Promise<number | undefined>;
  /** Looks for what is due now, and not only when it next would: after the clock was set forward. */
  wake(): void;
  /** Takes no more work and waits at most `graceMs` for running work; the rest is given back. */
  stop(graceMs: number): Promise<void>;
}

/** Who a key is worked on for: the publisher who announced a publish, or an installation of the App. */
export type MarkOwner =
  | { readonly kind: "publisher"; readonly name: string }
  | { readonly kind: "repository" | "installation"; readonly id: number };

export interface When {
  /** Not before then; an earlier instant wins over a later one. */
  readonly after?: Date;
  /** Higher first; default 0. */
  readonly priority?: number;
  /** Of one priority, owners take turns. */
  readonly owner?: MarkOwner;
}

export interface QueuedWork extends When {
  readonly key: string;
}

export interface RunTerms {
  /** Aborts when stopping. */
  readonly signal: AbortSignal;
  /** False as soon as another process may work on the key: the database was out of reach, or the grace of `stop` is over. */
  readonly isHeld: () => boolean;
}

export interface WorkOptions {
  /** Keys worked on at the same time by this process. */
  readonly concurrency: number;
  /** Of these, how many at most for one owner; default all. */
  readonly ofOwner?: number;
  /** `tries` counts earlier failures of this key since its last success. */
  readonly reconcile: (
    key: string,
    tries: number,
    run: RunTerms,
  ) => Promise<{ readonly requeueAt?: Date } | undefined>;
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
