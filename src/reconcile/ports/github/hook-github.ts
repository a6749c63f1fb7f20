// What GitHub tells of the App's webhook deliveries, and what is remembered of them.

/** One attempt to deliver. */
export interface DeliveryAttempt {
  readonly id: number;
  /** Of what is delivered: the same for a redelivery. */
  readonly guid: string;
  readonly at: Date;
  /** X-GitHub-Event. */
  readonly event: string;
  /** "" for an event without actions. */
  readonly action: string;
  /** Whether the server answered 2xx. */
  readonly taken: boolean;
}

export interface HookGitHub {
  /** Newest first, as far back as few requests show. */
  deliveryAttempts(since: Date): Promise<readonly DeliveryAttempt[]>;
  /** Has GitHub deliver once more what this attempt failed to. */
  redeliver(attemptId: number): Promise<void>;
}

export interface WebhookLog {
  /** The newest delivery that GitHub knows was taken, and how many of the last days were not. */
  toldByGitHub(report: { readonly lastGood: Date | undefined; readonly failed: number }): void;
}
