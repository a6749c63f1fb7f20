// Our part of a pull request text stands between two comments; what people write around it is theirs and stays.
// Nothing is decided by what stands within; it is only read to see whether it has to be written anew.

import { BODY_LIMIT } from "./size.ts";

const BEGIN =
  "<!-- chart-promoter: this part is written anew with every version; what stands above or below it is yours -->";
const END = "<!-- chart-promoter: end -->";
/** With whatever words behind it, as earlier versions had others. */
const OPENING = "<!-- chart-promoter: this part";

/** A marker that somebody smuggled into the text (a value may hold anything) is none any more. */
export function inMarkers(markdown: string): string {
  return `${BEGIN}\n${markdown.replaceAll("<!-- chart-promoter", "<!-- chart_promoter")}\n${END}`;
}

/**
 * The text with our part exchanged for `block` (as `reviewBody` makes it) and everything around it as it was. Without
 * markers, because somebody took them away, the block is put in front of what is there.
 */
export function replaceBody(existing: string, block: string): string {
  const text = existing.replaceAll("\r\n", "\n");
  const place = placeIn(text);
  if (place) return text.slice(0, place.begin) + block + text.slice(place.end);
  const rest = text.replace(BEGIN, "").replace(END, "").trim();
  return rest === "" ? block : `${block}\n\n${rest}`;
}

/** Our part of a text, markers included; "" without one. */
export function ourPart(existing: string): string {
  const text = existing.replaceAll("\r\n", "\n");
  const place = placeIn(text);
  return place ? text.slice(place.begin, place.end) : "";
}

/** The first opening that is closed on its line, up to the next end: each line is looked at once. */
function placeIn(text: string): { readonly begin: number; readonly end: number } | undefined {
  let begin = text.indexOf(OPENING);
  while (begin >= 0) {
    const lineEnd = text.indexOf("\n", begin);
    const line = text.slice(begin, lineEnd < 0 ? undefined : lineEnd);
    const closing = line.indexOf(" -->", OPENING.length);
    if (closing >= 0) {
      const end = text.indexOf(END, begin + closing);
      return end < 0 ? undefined : { begin, end: end + END.length };
    }
    begin = lineEnd < 0 ? -1 : text.indexOf(OPENING, lineEnd);
  }
  return undefined;
}

/** How long our part may be so that everything people wrote around it still fits. */
export function roomIn(existing: string): number {
  return BODY_LIMIT - (replaceBody(existing, "").length + 2);
}
