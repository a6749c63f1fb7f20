// What was announced, what came of looking for it, and what each environment made of it.

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
