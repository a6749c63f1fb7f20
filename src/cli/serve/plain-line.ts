// Lines of the log as what they show: texts of others are in them, and JSON leaves most of what steers a terminal, hides or reorders
// as it is. It is escaped, which says the same to whoever parses the line.

const STEERING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** `line`: JSON with its line break. */
export function plainLine(line: string): string {
  return `${line.trimEnd().replace(STEERING, escaped)}\n`;
}

/** One beyond the first 65,536 characters takes two. */
function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`,
  ).join("");
}
