// Every sentence the bot says under a pull request on its own account. Versions and chart names were checked before.

import type { Problem } from "../model/problem.ts";
import type { Move } from "../model/promotion.ts";

export function movedOn(
  moved: readonly { readonly chart: string; readonly was: string; readonly now: string }[],
): string {
  const [only, ...rest] = moved;
  const what =
    only && rest.length === 0
      ? `now ${only.now} (was ${only.was})`
      : moved.map((m) => `${m.chart} now ${m.now} (was ${m.was})`).join(", ");
  return `${what}; approvals of the earlier version do not count`;
}

export function humanCommits(moves: readonly Move[], because: string): string {
  const versions = moves.map(({ chart, to }) => `${chart} ${to}`).join(", ");
  return `${versions} was published, but ${because}, so this branch is left as it is. Merge or close this pull request, or drop those commits, and the promotion goes on.`;
}

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
