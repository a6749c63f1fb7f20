// Text of strangers within a sentence of ours: it has an end.

/** At most `length` characters of a line, never half of one. */
export function clip(line: string, length: number): string {
  return line.length <= length ? line : `${line.slice(0, length - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
