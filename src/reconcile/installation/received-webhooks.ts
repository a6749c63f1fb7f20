// Webhook statistics of this process, for `status`, /readyz and /metrics.

import type { WebhookState } from "../../domain/model/github/webhook-state.ts";
import type { WebhookLog } from "../ports/github/hook-github.ts";

export class ReceivedWebhooks implements WebhookLog {
  readonly #clock: () => Date;
  readonly #since: Date;
  #lastGood: Date | undefined;
  #refused = 0;
  #failed: number | undefined;

  constructor(clock: () => Date) {
    this.#clock = clock;
    this.#since = clock();
  }

  taken(): void {
    this.#lastGood = this.#clock();
  }

  refused(): void {
    this.#refused += 1;
  }

  reportedByGitHub({ lastGood, failed }: Parameters<WebhookLog["reportedByGitHub"]>[0]): void {
    this.#failed = failed;
    this.#lastGood ??= lastGood;
  }

  state(): WebhookState {
    return {
      ...(this.#lastGood && { lastGood: this.#lastGood }),
      refused: this.#refused,
      since: this.#since,
      ...(this.#failed !== undefined && { failed: this.#failed }),
    };
  }
}
