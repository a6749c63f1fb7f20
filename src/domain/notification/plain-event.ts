// An event for a notification: text by others becomes plain text on one line, limited in length.

import { clip } from "../model/clip.ts";
import type { HistoryEvent } from "../model/history.ts";
import { oneLine } from "../model/visible.ts";

const LONGEST_NAME = 200;
const LONGEST_BECAUSE = 4_000;

export function plainEvent(event: HistoryEvent): HistoryEvent {
  const { facts } = event;
  const { moves, because } = facts;
  return {
    ...event,
    facts: {
      ...facts,
      ...plainNames(facts, ["chart", "version", "by", "key"]),
      ...(moves && { moves: moves.map((one) => ({ ...one, ...plainNames(one, ["chart", "from", "to"]) })) }),
      ...(because !== undefined && { because: clip(oneLine(because), LONGEST_BECAUSE) }),
    },
  };
}

function plainNames<Key extends string>(
  of: { readonly [key in Key]?: string },
  keys: readonly Key[],
): { readonly [key in Key]?: string } {
  const plain: { [key in Key]?: string } = {};
  for (const key of keys) if (of[key] !== undefined) plain[key] = clip(oneLine(of[key]), LONGEST_NAME);
  return plain;
}
