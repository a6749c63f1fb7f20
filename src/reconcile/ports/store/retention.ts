// What is forgotten, in many short units of work.

export interface PublishTerms {
  /** Verified ones of each chart, the newest. */
  readonly ofChart: number;
  /** Of those that were rejected, or whose chart nobody depends on: the newest of each publisher. */
  readonly ofPublisher: number;
  /** Those that were deployed last, or failed to be, of each environment's charts: they are kept as well. */
  readonly deployed: number;
  readonly rejectedSince: Date;
  /** The same for those that were rejected because of other bytes than were announced. */
  readonly otherBytesSince: Date;
}

export interface DeploymentTerms {
  /** Of each environment, the newest. */
  readonly ofEnvironment: number;
  readonly since: Date;
}

/** Each answers how many were forgotten. */
export interface Retention {
  /**
   * With what became of them. Never one that has still to be verified, or to be reconciled by a config repository, or that
   * is proposed, merged or being deployed anywhere.
   */
  forgetPublishes(terms: PublishTerms): Promise<number>;
  /** With their calls: those that ended, are neither of the newest nor younger. Heals still count as heals. */
  forgetDeployments(terms: DeploymentTerms): Promise<number>;
  /** Ids under which publishers announced something before. */
  forgetWebhookIds(before: Date): Promise<number>;
  /** Keys whose tries ran out before. */
  forgetDead(before: Date): Promise<number>;
}
