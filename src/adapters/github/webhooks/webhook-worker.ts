// Runs in a worker thread: parses webhooks that are too large for the main thread.

import type { ParsedWebhook } from "../../../domain/model/github/event.ts";
import { findExcess } from "../../../domain/model/json-excess.ts";
import { serveJobs } from "../../threads/serve-jobs.ts";
import { parseWebhook } from "./parse-webhook.ts";

/**
 * Far more than GitHub's longest webhook has, a push of 2,048 commits with all their files. Running out of a thread's
 * memory within one step of the parser would crash the process.
 */
const MOST = { values: 3_000_000, containers: 200_000, keys: 20_000, keysOfOne: 5_000 };

export interface WebhookToRead {
  readonly name: string;
  readonly body: Uint8Array;
  readonly slug: string | undefined;
}

/** `undefined` for invalid JSON, or more than GitHub sends. */
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
