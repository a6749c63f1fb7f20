// Makes untrusted text safe to show as plain text: it stays on one line, hides nothing, and cannot reorder its
// surroundings or control a terminal.

/** Any white space becomes a single blank; invisible characters become visible. */
export function oneLine(hostile: string): string {
  return visible(hostile.replace(/[\s\u0085]+/gu, " ").trim());
}

const EMOJI_JOINER =
  /(?<=\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?)\u200d(?=\p{Extended_Pictographic})/u;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\u034f|[\u115f\u1160\u3164\uffa0]/u;
const JOINER_OR_INVISIBLE = new RegExp(`(${EMOJI_JOINER.source})|${INVISIBLE.source}`, "gu");

/**
 * Control, direction, zero-width and other invisible characters as `⟨U+202E⟩`, so that nothing is hidden and nothing
 * reorders a line (CVE-2021-42574); the joiner within an emoji stays, half of a surrogate pair becomes U+FFFD.
 */
export function visible(hostile: string): string {
  return hostile
    .toWellFormed()
    .replace(JOINER_OR_INVISIBLE, (character, joiner) => joiner ?? nameOf(character));
}

function nameOf(character: string): string {
  return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
}

/** For a terminal, with line breaks: no character controls the terminal. */
export function visibleLines(hostile: string): string {
  return hostile.replace(/[^\n\t]+/g, visible);
}
