// Whether what a text says of freezes is still so.

import type { Freeze } from "../model/config/config.ts";
import { untilText } from "../model/instant.ts";
import { clip, prose } from "./markdown/escape.ts";
import { ourPart } from "./markdown/markers.ts";

/** "Frozen until 2027-01-02 00:00 UTC: holidays" */
export function frozenSentence(until: Date, reasons: readonly string[]): string {
  return `Frozen until ${untilText(until)}: ${reasons.join(", ")}`;
}

/** It tells what holds now (`sentences`), and no end that no freeze has any more. An end that is past stays true. */
export function tellsFreezes(
  body: string,
  { sentences, freezes }: { readonly sentences: readonly string[]; readonly freezes: readonly Freeze[] },
): boolean {
  const part = ourPart(body);
  const ends = new Set(freezes.map(({ to }) => untilText(to)));
  const shown = [...part.matchAll(/Frozen until (\d{4}-\d\d-\d\d \d\d:\d\d UTC)/g)].map(
    ([, end = ""]) => end,
  );
  return (
    sentences.every((one) => part.includes(prose(clip(one, 500)))) && shown.every((end) => ends.has(end))
  );
}
