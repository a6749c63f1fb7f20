// Whether a branch into which people merged its base contains nothing beyond the App's change: for each file, the
// branch's diff from its base must be that of the App's commit.

import { applyPatch, structuredPatch } from "diff";
import type { FileOnBranch } from "../model/github/snapshot.ts";

export function mergeAddsNothing(files: readonly FileOnBranch[]): boolean {
  return files.every(({ fork, app, base, head }) => {
    if (head?.oid === app?.oid || head?.oid === base?.oid) return true;
    return head?.text !== undefined && head.text === merged(fork?.text, app?.text, base?.text);
  });
}

/** The App's change of a text applied to the base's text; `undefined` on a conflict. */
function merged(
  fork: string | undefined,
  app: string | undefined,
  base: string | undefined,
): string | undefined {
  if (fork === undefined || app === undefined || base === undefined) return undefined;
  for (const context of [3, 2, 1, 0]) {
    const patch = structuredPatch("file", "file", fork, app, "", "", { context });
    const text = applyPatch(base, patch, { fuzzFactor: 0 });
    if (text !== false) return text;
  }
  return undefined;
}
