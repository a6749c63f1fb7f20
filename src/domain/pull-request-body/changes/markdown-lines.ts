// Makes untrusted Markdown harmless while keeping it readable.

import { clip, fence, prose } from "../markdown/escape.ts";

/**
 * Keeps bullets and code, turns headings into bold words, and joins every other line to its paragraph. Each element is
 * a line of safe Markdown, or a whole block of code.
 */
export function safeLines(lines: readonly string[]): readonly string[] {
  const safe: string[] = [];
  let code: string[] | undefined;
  for (const line of lines) {
    if (/^\s*(?:```|~~~)/.test(line)) {
      if (code !== undefined) safe.push("", fence("", code.join("\n")), "");
      code = code === undefined ? [] : undefined;
    } else if (code === undefined) pushSafe(safe, line);
    else code.push(line);
  }
  for (const line of code ?? []) pushSafe(safe, line);
  return collapsed(safe);
}

function pushSafe(safe: string[], line: string): void {
  const bullet = /^\s*(?:[-*+]|\d{1,9}[.)])\s+(\S.*)/.exec(line);
  const heading = /^#{1,6}\s+(\S.*)/.exec(line);
  if (bullet?.[1] !== undefined) safe.push(`- ${plain(bullet[1])}`);
  else if (heading?.[1] !== undefined) safe.push("", `**${plain(heading[1])}**`, "");
  else if (line.trim() === "") safe.push("");
  else safe.push(safe.at(-1)?.startsWith("- ") ? `  ${plain(line)}` : plain(line));
}

/** The words of a line of Markdown, without emphasis and link targets. */
function plain(line: string): string {
  const words = clip(line, 500)
    .replace(/!?\[([^[\]]*)\]\([^()\s]*\)/g, "$1")
    .replace(/(\*\*|__)([^*_]+)\1/g, "$2");
  return prose(words);
}

function collapsed(lines: readonly string[]): readonly string[] {
  const kept = lines.filter((line, index) => line !== "" || (index > 0 && lines[index - 1] !== ""));
  return kept.at(-1) === "" ? kept.slice(0, -1) : kept;
}
