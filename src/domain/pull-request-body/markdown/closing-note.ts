// Why the App closed a pull request, as a note at the top of its text: in a locked conversation no comment is possible.

import { hiddenMarker } from "../../model/github/hidden-marker.ts";
import { replaceBody } from "./markers.ts";
import { BODY_LIMIT } from "./size.ts";

const BEGIN = hiddenMarker("closed");
const END = hiddenMarker("end of closed");

/** Replaces an earlier note. The App's part of the text is shortened when there is no room for both. */
export function withClosingNote(text: string, body: string): string {
  const rest = withoutClosingNote(text);
  const note = `${BEGIN}\n${body}\n${END}`;
  const whole = `${note}\n\n${rest}`;
  return whole.length > BODY_LIMIT ? replaceBody(rest, note) : whole;
}

/** The note's text; `undefined` when there is none at the top. */
export function closingNote(text: string): string | undefined {
  const plain = text.replaceAll("\r\n", "\n");
  const end = plain.startsWith(BEGIN) ? plain.indexOf(END) : -1;
  return end < 0 ? undefined : plain.slice(BEGIN.length, end).trim();
}

export function withoutClosingNote(text: string): string {
  const note = closingNote(text);
  if (note === undefined) return text;
  return text.slice(text.indexOf(END) + END.length).trimStart();
}
