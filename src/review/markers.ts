// Our part of a pull request text stands between two comments; what people write around it is theirs and stays.
// Nothing is decided by what stands within; it is only read to see whether it has to be written anew.

import { BODY_LIMIT } from "./size.ts";

const BEGIN =
  "<!-- chart-promoter: this part is written anew with every version; what stands above or below it is yours -->";
const END = "<!-- chart-promoter: end -->";
const BLOCK = /<!-- chart-promoter: this part[^\n]*? -->[\s\S]*?<!-- chart-promoter: end -->/;

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
  if (BLOCK.test(text)) return text.replace(BLOCK, () => block);
  const rest = text.replace(BEGIN, "").replace(END, "").trim();
  return rest === "" ? block : `${block}\n\n${rest}`;
}

/** Our part of a text, markers included; "" without one. */
export function ourPart(existing: string): string {
  return BLOCK.exec(existing.replaceAll("\r\n", "\n"))?.[0] ?? "";
}

/** How long our part may be so that everything people wrote around it still fits. */
export function roomIn(existing: string): number {
  return BODY_LIMIT - (replaceBody(existing, "").length + 2);
}
