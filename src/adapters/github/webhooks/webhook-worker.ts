// Runs in a worker thread: reads webhooks that are too large for the main thread.

import type { ParsedWebhook } from "../../../domain/model/github/event.ts";
import { findExcess } from "../../../domain/model/json-excess.ts";
import { serveJobs } from "../../threads/serve-jobs.ts";
import { parseWebhook } from "./parse-webhook.ts";

/**
 * Many times what a push of 2,048 commits with all their files has, which is the longest that GitHub sends. What goes beyond the
 * memory of a thread within one step of the parser takes the process with it.
 */
const MOST = { values: 3_000_000, containers: 200_000, keys: 20_000, keysOfOne: 5_000 };

export interface WebhookToRead {
  readonly name: string;
  readonly body: Uint8Array;
  readonly slug: string | undefined;
}

/** `undefined` for what is no JSON, or more than GitHub sends. */
serveJobs(({ name, body, slug }: WebhookToRead): ParsedWebhook | undefined => {
  const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString("utf8");
  if (findExcess(text, MOST) !== undefined) return undefined;
  try {
    return parseWebhook({ name, payload: JSON.parse(text) }, slug);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
});
