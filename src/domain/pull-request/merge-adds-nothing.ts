// Whether a branch that people merged its base into holds no more than the App put there: file by file, what the branch
// changes of its base is what the App's commit changed.

import { applyPatch, structuredPatch } from "diff";
import type { FileOnBranch } from "../model/github/snapshot.ts";

export function mergeAddsNothing(files: readonly FileOnBranch[]): boolean {
  return files.every(({ fork, app, base, head }) => {
    if (head?.oid === app?.oid || head?.oid === base?.oid) return true;
    return head?.text !== undefined && head.text === merged(fork?.text, app?.text, base?.text);
  });
}

/** The App's change of a text, made on the base's; `undefined` where the two meet. */
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
