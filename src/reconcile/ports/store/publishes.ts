// Publishes as announced, the result of looking them up, and what each environment made of them.

import type { EnvironmentKey } from "../../../domain/model/config/config.ts";
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
import type { QueuedWork } from "./queue.ts";

/** The result of an announcement: new, a repeat, or a conflict with an earlier one. */
export type Accepted =
  | { readonly kind: "accepted"; readonly publish: Publish }
  | { readonly kind: "repeat"; readonly publish: Publish }
  | { readonly kind: "conflict"; readonly publish: Publish };

interface AboutAnnouncement {
  readonly id: string;
  readonly at: Date;
  readonly webhookId?: string;
  /** The work for the publish that was created or found; enqueued in the same transaction. */
  readonly workFor?: (accepted: Accepted) => QueuedWork | undefined;
}

/** The result of looking up an accepted publish in its chart repository. */
export type Sighting = { readonly id: string } & (
  | {
      readonly kind: "verified";
      /** The chart repository's digest; kept when the announcement had none. */
      readonly digest?: string;
      readonly appVersion?: string;
    }
  | { readonly kind: "rejected"; readonly problem: Problem }
  /** `missingSince`: since when a healthy repository has not had it. `lookedAt`: time of the last look-up. */
  | {
      readonly kind: "waiting";
      readonly problem: Problem;
      readonly missingSince?: Date;
      readonly lookedAt: Date;
    }
);

/**
 * A publish that a config repository has still to plan for; `route`: a number that changes each time the publish is
 * routed there.
 */
export interface RoutedPublish extends Publish {
  readonly route: number;
}

export interface Publishes {
  /**
   * Idempotent: one publish for each (repository, chart, version). A repeat fills in what the first announcement lacked
   * (digest, values, source; and the publisher, when nobody had announced it: a poll, an upload or a comment had). A
   * verified publish then stays verified and is routed again to its dependents; a rejected one becomes `accepted`
   * again, to be verified again, unless it was rejected as `chart-digest`. Another digest than the recorded one is a
   * conflict. `webhookId` (unique per publisher): a known one answers `repeat` with the publish that it first created.
   */
  accept(announcement: Announcement, about: AboutAnnouncement): Promise<Accepted>;
  /**
   * As `accept`, but only if that makes no publish wait that does not wait already; else `undefined`, and nothing is
   * recorded.
   */
  acceptRepeat(announcement: Announcement, about: AboutAnnouncement): Promise<Accepted | undefined>;
  /**
   * Count and size of this publisher's `accepted` publishes; `bytes` as `bytesOf` counts them. Answered from an index
   * alone.
   */
  waitingOf(publisher: string): Promise<{ readonly count: number; readonly bytes: number }>;
  get(id: string): Promise<Publish | undefined>;
  find(key: ChartKey, version: string): Promise<Publish | undefined>;
  /** Newest announced first. */
  list(filter: { state?: PublishState; chart?: string; limit: number }): Promise<readonly Publish[]>;
  /** Accepted publishes of one chart: first those never looked up, newest first, then those looked up longest ago. */
  unverified(key: ChartKey, limit: number): Promise<readonly Publish[]>;
  /** Charts with accepted publishes, each with the publisher of one of them. */
  unverifiedCharts(): Promise<readonly (ChartKey & Pick<Publish, "publisher">)[]>;
  /** Verified publishes of these charts, newest announced first, at most `limit` for each chart. */
  verifiedOf(charts: readonly ChartKey[], limit: number): Promise<readonly Publish[]>;
  /**
   * Records the results of look-ups, all or none. `routes`: config repositories that have to plan for the verified
   * ones; written in the same transaction, so that no verified publish is ever without its routes.
   */
  keepSightings(sightings: readonly Sighting[], routes: readonly number[]): Promise<void>;
  /** As `keepSightings` of one. */
  verify(
    id: string,
    found: { digest?: string; appVersion?: string; routes?: readonly number[] },
  ): Promise<void>;
  reject(id: string, problem: Problem): Promise<void>;
  /**
   * Records what the chart repository now has of a verified publish. `routes` (who has to plan for it) and `work` are
   * written in the same transaction.
   */
  noteChange(
    id: string,
    change: ChartChange | undefined,
    next: { readonly routes: readonly number[]; readonly work: readonly QueuedWork[] },
  ): Promise<void>;
  /** Routes these publishes to these config repositories, which have to plan for them. */
  route(ids: readonly string[], repositoryIds: readonly number[]): Promise<void>;
  /** Removes the publishes' routes to this repository. */
  routed(ids: readonly string[], repositoryId: number): Promise<void>;
  /** The same, except for publishes that were routed there again since these were read: they have changed. */
  planned(publishes: readonly RoutedPublish[], repositoryId: number): Promise<void>;
  /** Repositories that have not planned for this publish yet. */
  pendingRoutes(id: string): Promise<readonly number[]>;
  /** Ids of publishes that this repository has still to plan for: all, or at most `limit`. */
  routesOf(repositoryId: number, limit?: number): Promise<readonly string[]>;
  /** Those of them that are verified, newest announced first. */
  pendingFor(repositoryId: number, limit: number): Promise<readonly RoutedPublish[]>;
  /** Repositories that have still to plan for publishes of this chart. */
  routedFrom(key: ChartKey): Promise<readonly number[]>;
  /** Every pending (publish, repository), to be enqueued at start-up. */
  allPendingRoutes(): Promise<readonly { readonly publishId: string; readonly repositoryId: number }[]>;
}

export interface Promotions {
  /** One record for each (publish, repository, environment); a later one replaces it. */
  record(records: readonly PromotionRecord[]): Promise<void>;
  ofPublish(publishId: string): Promise<readonly PromotionRecord[]>;
  ofRepository(repositoryId: number): Promise<readonly PromotionRecord[]>;
  ofEnvironment(key: EnvironmentKey): Promise<readonly PromotionRecord[]>;
  /** Records of one chart version in all repositories, for `after`. */
  ofVersion(key: ChartKey, version: string): Promise<readonly PromotionRecord[]>;
  /** Waiting and refused records with their publish's version; newest announced first. */
  held(limit: number): Promise<readonly HeldRecord[]>;
}
