// The title of a promotion's pull request and the message of its commit.

import type { Change, EntryMove, Move } from "../model/promotion.ts";
import { writeTrailers } from "./trailers.ts";

/**
 * `Promote <chart> to <version> in <environment>`, `Roll <chart> back to …` for a rollback; for several charts their
 * number.
 */
export function promotionTitle({
  moves,
  environment,
  rolledBackFrom,
}: Pick<Change, "moves" | "environment" | "rolledBackFrom">): string {
  const [first, ...rest] = moves;
  if (rolledBackFrom)
    return rest.length === 0
      ? `Roll ${first.chart} back to ${endsOf(first).join(" and ")} in ${environment}`
      : `Roll ${moves.length} charts back in ${environment}`;
  return rest.length === 0
    ? `Promote ${first.chart} to ${first.to} in ${environment}`
    : `Promote ${moves.length} charts in ${environment}`;
}

export function commitMessage(change: Pick<Change, "moves" | "environment" | "notes" | "rolledBackFrom">): {
  readonly headline: string;
  readonly body: string;
} {
  const { moves, notes, rolledBackFrom } = change;
  const paragraphs = [moves.map(sentence).join("\n"), ...notes, writeTrailers(moves, rolledBackFrom)];
  return { headline: promotionTitle(change), body: paragraphs.join("\n\n") };
}

function endsOf({ to, apart = [] }: Move): readonly string[] {
  const others = apart.filter((entry) => entry.from !== entry.to).map((entry) => entry.to);
  return [...new Set([to, ...others])];
}

function sentence({ chart, from, to, apart = [] }: Move): string {
  const first = from === "" ? `Moves ${chart} to ${to}` : `Moves ${chart} from ${from} to ${to}`;
  return `${[first, ...apart.map(entryInWords)].join(", ")}.`;
}

function entryInWords({ key, from, to }: EntryMove): string {
  return from === to ? `${key} stays at ${to}` : `${key} from ${from} to ${to}`;
}
