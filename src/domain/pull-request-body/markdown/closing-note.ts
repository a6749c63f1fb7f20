// Why the App closed a pull request, at the top of its text: where its conversation is locked, no comment can say it.

import { hiddenMarker } from "../../model/github/hidden-marker.ts";
import { replaceBody } from "./markers.ts";
import { BODY_LIMIT } from "./size.ts";

const BEGIN = hiddenMarker("closed");
const END = hiddenMarker("end of closed");

/** In place of the note that was there. Our part of the text gives way where there is no room for both. */
export function withClosingNote(text: string, body: string): string {
  const rest = withoutClosingNote(text);
  const note = `${BEGIN}\n${body}\n${END}`;
  const whole = `${note}\n\n${rest}`;
  return whole.length > BODY_LIMIT ? replaceBody(rest, note) : whole;
}

/** What was said; `undefined` without such a note at the top. */
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
