// The App's part of a pull request text is between two comments; people's text around it is kept. No decision is based
// on the text in between, except whether it has to be rewritten.

import { BODY_LIMIT } from "./size.ts";

const BEGIN =
  "<!-- chart-promoter: this part is written anew with every version; what stands above or below it is yours -->";
const END = "<!-- chart-promoter: end -->";
/** The rest of the line may vary: earlier versions had other words. */
const OPENING = "<!-- chart-promoter: this part";

/** Breaks markers that somebody smuggled into the text (a value may contain anything). */
export function inMarkers(markdown: string): string {
  return `${BEGIN}\n${markdown.replaceAll("<!-- chart-promoter", "<!-- chart_promoter")}\n${END}`;
}

/**
 * Replaces the App's part by `block` (see `pullRequestBody`) and keeps everything around it. Without markers, because
 * somebody removed them, the block is put before the existing text.
 */
export function replaceBody(existing: string, block: string): string {
  const text = existing.replaceAll("\r\n", "\n");
  const place = placeIn(text);
  if (place) return text.slice(0, place.begin) + block + text.slice(place.end);
  const rest = text.replace(BEGIN, "").replace(END, "").trim();
  return rest === "" ? block : `${block}\n\n${rest}`;
}

/** The App's part of a text with its markers; "" when there is none. */
export function ourPart(existing: string): string {
  const text = existing.replaceAll("\r\n", "\n");
  const place = placeIn(text);
  return place ? text.slice(place.begin, place.end) : "";
}

/** From the first opening marker that is closed on its line up to the next end marker, in one pass over the lines. */
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

/** The maximum length of the App's part that leaves room for everything people wrote around it. */
export function roomIn(existing: string): number {
  return BODY_LIMIT - (replaceBody(existing, "").length + 2);
}
