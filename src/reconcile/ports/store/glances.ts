// What config repositories were seen to be like by a glance, and when they were looked at in full since.

export interface Glance {
  /** Of what the glance showed, and of what else a resync goes by. */
  readonly digest: string;
  /** When it was first seen to be so. */
  readonly seenAt: Date;
  /** When the last full resync began that came to its end; absent where there was none. */
  readonly lookedAt?: Date;
}

export interface Glances {
  /** Of these repositories, as far as one was glanced at. */
  of(repositoryIds: readonly number[]): Promise<ReadonlyMap<number, Glance>>;
  /** Another digest takes the place of what was seen before; the same one changes nothing. */
  see(repositoryId: number, digest: string, at: Date): Promise<void>;
  /** A full resync that began then has come to its end. */
  looked(repositoryId: number, at: Date): Promise<void>;
  /** Has everything looked at again. */
  forget(): Promise<void>;
  /**
   * Those of these repositories that have something on record which a glance does not show: work that waits, a promotion that
   * waits or was refused, a check that has not passed, a deployment that is held back, a permission that is lacking.
   */
  unsettled(repositoryIds: readonly number[]): Promise<ReadonlySet<number>>;
}
