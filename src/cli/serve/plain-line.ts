// Escapes log lines: they contain text by others, and JSON leaves most characters unescaped that control a terminal,
// are invisible or reorder text. The escapes are JSON, so a parser reads the same.

const STEERING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** `line`: JSON with its line break. */
export function plainLine(line: string): string {
  return `${line.trimEnd().replace(STEERING, escaped)}\n`;
}

/** A character above U+FFFF takes two escapes. */
function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`,
  ).join("");
}
