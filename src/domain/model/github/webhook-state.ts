// Statistics of GitHub's webhook deliveries to this server.

import { instantText } from "../instant.ts";

export interface WebhookState {
  /** Time of the last accepted delivery; also of an earlier process, if GitHub lists it. */
  readonly lastGood?: Date;
  /** Deliveries that this process rejected: for their signature, or because they could not be stored. */
  readonly refused: number;
  /** When this process started. */
  readonly since: Date;
  /** Deliveries of the last three days without a successful attempt, as of the last query to GitHub. */
  readonly failed?: number;
}

export function webhooksInWords({ lastGood, refused, since, failed = 0 }: WebhookState): string {
  const start = `the start at ${instantText(since)}`;
  return [
    lastGood
      ? `The last good webhook delivery came at ${instantText(lastGood)}.`
      : `No webhook delivery has come since ${start}.`,
    ...(refused > 0 ? [`${refused} were refused since ${start}.`] : []),
    ...(failed > 0 ? [`GitHub counts ${failed} of the last three days that it could not deliver.`] : []),
  ].join(" ");
}
