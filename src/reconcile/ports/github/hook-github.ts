// The App's webhook deliveries as GitHub reports them, and statistics about them.

/** One attempt to deliver. */
export interface DeliveryAttempt {
  readonly id: number;
  /** X-GitHub-Delivery: the same for a redelivery. */
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
  /** Newest first, as far back as a few requests return. */
  deliveryAttempts(since: Date): Promise<readonly DeliveryAttempt[]>;
  /** Redelivers a failed attempt. */
  redeliver(attemptId: number): Promise<void>;
}

export interface WebhookLog {
  /** `lastGood`: newest delivery that GitHub knows was answered 2xx; `failed`: how many of the last days were not. */
  reportedByGitHub(report: { readonly lastGood: Date | undefined; readonly failed: number }): void;
}
