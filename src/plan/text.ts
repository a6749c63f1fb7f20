// What a promotion is called on GitHub: its title and the message of its commit.

import type { Change, Move } from "../model/promotion.ts";
import { writeTrailers } from "./trailers.ts";

/** `Promote <chart> to <version> in <environment>`; several charts are counted. */
export function titleOf({ moves, environment }: Pick<Change, "moves" | "environment">): string {
  const [first, ...rest] = moves;
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
  return { headline: titleOf(change), body: paragraphs.join("\n\n") };
}

function sentence({ chart, from, to }: Move): string {
  return from === "" ? `Moves ${chart} to ${to}.` : `Moves ${chart} from ${from} to ${to}.`;
}
