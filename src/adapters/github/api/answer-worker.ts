// Runs in a worker thread: parses GitHub's responses that are too large for the main thread.

import { findExcess } from "../../../domain/model/json-excess.ts";
import { serveJobs } from "../../threads/serve-jobs.ts";

/**
 * More than a query for a hundred promotion branches with ten pull requests each returns, and transferable to the main
 * thread in less than a tenth of a second. Unpaged lists, such as of a folder's files, may exceed it.
 */
const MOST = { values: 800_000, containers: 200_000, keys: 20_000, keysOfOne: 5_000 };

export type ParsedAnswer =
  | { readonly kind: "parsed"; readonly value: unknown }
  | { readonly kind: "excess" | "no-json"; readonly because: string };

serveJobs((chunks: readonly Uint8Array[]): ParsedAnswer => {
  const text = Buffer.concat(chunks).toString("utf8");
  const excess = findExcess(text, MOST);
  if (excess !== undefined) return { kind: "excess", because: `it ${excess}` };
  try {
    return { kind: "parsed", value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return { kind: "no-json", because: error.message };
    throw error;
  }
});
