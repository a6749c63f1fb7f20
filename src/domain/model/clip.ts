// Shortens untrusted text within a sentence.

/** At most `length` characters of a line; never splits a character. */
export function clip(line: string, length: number): string {
  return line.length <= length ? line : `${line.slice(0, length - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
