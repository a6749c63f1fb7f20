// What the bot says under a pull request when it closes it, or cannot deploy it, on its own account.

import type { Problem } from "../../model/problem.ts";
import { WITHDRAWN } from "../../plan/history.ts";

export function obsolete(because: string): string {
  return `Closed: ${because}.`;
}

/** To be said once under a merged pull request. */
export function mergeUnproven({ message, help }: Problem): {
  readonly marker: string;
  readonly body: string;
} {
  const marker = "<!-- chart-promoter:merge-unproven -->";
  return { marker, body: `${marker}\n${message} ${help}` };
}

/** Closes a promotion on the App's own account: nobody declined it. */
export function withdrawal(because: string): string {
  return `${WITHDRAWN}\nWithdrawn: ${because}.`;
}
