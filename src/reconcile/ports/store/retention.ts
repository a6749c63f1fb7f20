// Deletes old records, in many short transactions.

export interface PublishTerms {
  /** How many of each chart's newest verified publishes are kept. */
  readonly ofChart: number;
  /** How many of each publisher's newest publishes are kept that were rejected or that nobody depends on. */
  readonly ofPublisher: number;
  /** How many of each environment's charts' last deployed or failed publishes are kept besides. */
  readonly deployed: number;
  readonly rejectedSince: Date;
  /** As above, for publishes that were rejected because of their digest. */
  readonly otherBytesSince: Date;
}

export interface DeploymentTerms {
  /** How many of each environment's newest deployments are kept. */
  readonly ofEnvironment: number;
  readonly since: Date;
}

/** Each returns how many records were deleted. */
export interface Retention {
  /**
   * Deletes publishes with their promotion records. Never one that has still to be verified or planned for, or that is
   * proposed, merged or being deployed anywhere.
   */
  forgetPublishes(terms: PublishTerms): Promise<number>;
  /**
   * Deletes ended deployments with their calls that are neither among the newest nor younger than `since`. Deleted
   * heals still count as heals.
   */
  forgetDeployments(terms: DeploymentTerms): Promise<number>;
  /** Deletes old webhook ids of announcements, which make repeats recognisable. */
  forgetWebhookIds(before: Date): Promise<number>;
  /** Deletes dead keys that died before this instant. */
  forgetDead(before: Date): Promise<number>;
}
