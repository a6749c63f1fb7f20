// Comments of the App on a pull request that it closes by itself, or whose merge it cannot deploy.

import { hiddenJson, hiddenMarker, readHiddenJson } from "../../domain/model/github/hidden-marker.ts";
import type { Problem } from "../../domain/model/problem.ts";
import { OBSOLETE, WITHDRAWN } from "../../domain/plan/history.ts";
import { clip, prose } from "../../domain/pull-request-body/markdown/escape.ts";

export function obsolete(because: string): string {
  return `${OBSOLETE} ${because}.`;
}

/** Written once under a merged pull request. */
export function mergeUnproven({ message, help }: Problem): {
  readonly marker: string;
  readonly body: string;
} {
  const marker = hiddenMarker("merge-unproven");
  return { marker, body: `${marker}\n${message} ${help}` };
}

/**
 * Labels, reviewers or auto-merge that GitHub did not set: one comment for each key of the config. `wanted`: what the
 * key asks for.
 */
export function notSet(
  key: string,
  problems: readonly Problem[],
  wanted: readonly string[],
): { readonly marker: string; readonly body: string } {
  const marker = hiddenMarker(`${NOT_SET}${key}`);
  const lines = problems.map(({ message, help }) => `${prose(clip(sentence(message), 500))} ${prose(help)}`);
  return { marker, body: `${marker}\n${lines.join("\n\n")}\n\n${hiddenJson(ASKED, wanted)}` };
}

const ASKED = "asked";

/** Whether the comment reports a key that the config has changed since. */
export function tellsNotSetOf(body: string, key: string, wanted: readonly string[]): boolean {
  if (!body.startsWith(hiddenMarker(`${NOT_SET}${key}`))) return false;
  const before = readHiddenJson(body, ASKED);
  return Array.isArray(before) && JSON.stringify(before) !== JSON.stringify(wanted);
}

const NOT_SET = "not-set ";

export function tellsAutoMergeRefused(body: string): boolean {
  return body.startsWith(hiddenMarker(`${NOT_SET}autoMerge`));
}

function sentence(words: string): string {
  return /[.!?]$/.test(words) ? words : `${words}.`;
}

/**
 * Said as a promotion is closed without declining its versions. True also of a pull request that GitHub does not let the
 * App close.
 */
export function withdrawal(because: string): string {
  return `${WITHDRAWN}\nNot proposed any more: ${because}.`;
}
