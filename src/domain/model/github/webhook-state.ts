// What is known of GitHub's webhook deliveries to this server.

import { instantText } from "../instant.ts";

export interface WebhookState {
  /** When the last delivery came that was taken, also by an earlier process where GitHub told so. */
  readonly lastGood?: Date;
  /** Deliveries that this process did not take: for their signature, or since they could not be stored. */
  readonly refused: number;
  /** When this process started. */
  readonly since: Date;
  /** Deliveries of the last three days of which no attempt was taken, when GitHub was asked last. */
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
