// What the bot says under a pull request when it closes it, or cannot deploy it, on its own account.

import { hiddenMarker } from "../../domain/model/github/hidden-marker.ts";
import type { Problem } from "../../domain/model/problem.ts";
import { WITHDRAWN } from "../../domain/plan/history.ts";
import { clip, prose } from "../../domain/pull-request-body/markdown/escape.ts";

export function obsolete(because: string): string {
  return `${CLOSED} ${because}.`;
}

const CLOSED = "Closed:";

/** Whether a comment tells why the App closed the pull request itself. */
export function tellsObsolete(body: string): boolean {
  return body.startsWith(CLOSED);
}

/** To be said once under a merged pull request. */
export function mergeUnproven({ message, help }: Problem): {
  readonly marker: string;
  readonly body: string;
} {
  const marker = hiddenMarker("merge-unproven");
  return { marker, body: `${marker}\n${message} ${help}` };
}

/** What GitHub did not set on a pull request, to be said once for each key of the configuration. */
export function notSet(
  key: string,
  problems: readonly Problem[],
): { readonly marker: string; readonly body: string } {
  const marker = hiddenMarker(`${NOT_SET}${key}`);
  const lines = problems.map(({ message, help }) => `${prose(clip(sentence(message), 500))} ${prose(help)}`);
  return { marker, body: `${marker}\n${lines.join("\n\n")}` };
}

const NOT_SET = "not-set ";

export function tellsAutoMergeRefused(body: string): boolean {
  return body.startsWith(hiddenMarker(`${NOT_SET}autoMerge`));
}

function sentence(said: string): string {
  return /[.!?]$/.test(said) ? said : `${said}.`;
}

/** Closes a promotion on the App's own account: nobody declined it. */
export function withdrawal(because: string): string {
  return `${WITHDRAWN}\nWithdrawn: ${because}.`;
}
