// The last glance at each config repository, and the last full resync since.

export interface Glance {
  /** Digest of what the glance showed and of the settings that a resync depends on. */
  readonly digest: string;
  /** When this digest was first seen. */
  readonly seenAt: Date;
  /** When the last completed full resync began; absent when there was none. */
  readonly lookedAt?: Date;
}

export interface Glances {
  /** The glances at these repositories, as far as there are any. */
  of(repositoryIds: readonly number[]): Promise<ReadonlyMap<number, Glance>>;
  /** Records a new digest; does nothing when it is the same. */
  see(repositoryId: number, digest: string, at: Date): Promise<void>;
  /** A full resync that began at this instant has completed. */
  resynced(repositoryId: number, at: Date): Promise<void>;
  /** Forgets all glances, so that every repository gets a full resync. */
  forget(): Promise<void>;
  /**
   * Those of these repositories with unfinished business that a glance does not show: pending work, a waiting or
   * refused promotion, a check that is not successful, a held deployment, or a lacking permission.
   */
  unsettled(repositoryIds: readonly number[]): Promise<ReadonlySet<number>>;
}
