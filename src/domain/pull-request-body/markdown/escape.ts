// Escapes untrusted text for Markdown: it shows exactly as written and has no effect. No mention, no reference to an
// issue or a commit, no link, no HTML, and no way out of its table, list or fence.

import { clip } from "../../model/clip.ts";
import { oneLine, visible } from "../../model/visible.ts";

export { clip };

/** Text that GitHub interprets although it is not Markdown: mentions, references, addresses, emoji, advisories. */
const RECOGNISED =
  /@|#\w|:\/\/|www\.|gh-\d|(?<![a-z0-9_])[0-9a-f]{7,}(?![a-z0-9_])|:[\w+-]+:|(?:ghsa|cve)-|(?:mailto|xmpp):/i;

/**
 * One line of plain text, for after trusted words or at the start of a paragraph, list item or table cell. Escapes
 * Markdown's punctuation; a word that GitHub would interpret becomes code. Must not be followed by a colon, which could
 * complete the name of an emoji. An empty text becomes `""`, since an empty list item would let the next line turn it
 * into a heading.
 */
export function text(hostile: string): string {
  return words(oneLine(hostile) || '""').replace(LINE_START, "$1\\$2");
}

/** As `text`, but what its writer put between backticks, as a word or words of its own, is shown as code. */
export function prose(hostile: string): string {
  const parts = (oneLine(hostile) || '""').split(CODE_WORDS);
  return parts
    .map((part, index) => (index % 2 === 1 ? code(part) : words(part)))
    .join("")
    .replace(LINE_START, "$1\\$2");
}

/** Between blanks or the ends of the line, after at most an opening bracket and before punctuation. */
const CODE_WORDS = /(?<=^\(?|\s\(?)`([^`\s](?:[^`]*[^`\s])?)`(?=[.,;:)!?]*(?:\s|$))/;

/** Where a line could begin a heading, a list, a rule or the underline of a heading: the character to escape. */
const LINE_START = /^(\d{0,9})([-+=#.)])/;

function words(line: string): string {
  return line
    .split(" ")
    .map((word) => (RECOGNISED.test(word) ? codeWithin(word) : escaped(word)))
    .join(" ");
}

function escaped(word: string): string {
  return word
    .replace(/[\\`*_{}[\]~]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/\$/g, "&#36;")
    .replace(/\|/g, "&#124;");
}

const CLOSING = new Set(")]}\"'.,:;!?");

/** Keeps the punctuation around a word outside of its code. */
function codeWithin(word: string): string {
  const [open = ""] = /^[([{"']*/.exec(word) ?? [];
  let end = word.length;
  while (end > open.length && CLOSING.has(word.charAt(end - 1))) end -= 1;
  const [inner, close] = [word.slice(open.length, end), word.slice(end)];
  return RECOGNISED.test(inner) ? escaped(open) + code(inner) + escaped(close) : code(word);
}

/**
 * A code span. GitHub interprets nothing in code, so only the closing backticks have to be guarded. Text with a pipe
 * (which would end a table cell) or an HTML comment (which could look like a hidden marker, see hidden-marker.ts) is
 * written as an element in which every special character is an entity.
 */
export function code(hostile: string): string {
  const line = oneLine(hostile);
  if (line === "") return '`""`';
  if (line.includes("|") || line.includes("<!--")) return codeElement(line);
  const ticks = "`".repeat(longestRun(line) + 1);
  const pad = /^`|`$/.test(line) ? " " : "";
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

/** Code as an HTML element, where Markdown is not rendered, as in a summary. */
export function codeElement(hostile: string): string {
  return `<code>${oneLine(hostile).replace(/[!-,./:-@[-`{-~]/g, entity)}</code>`;
}

/** Code in which every digest is shortened to twelve digits; the full text is its title (tooltip). */
export function digestCode(hostile: string): string {
  const line = oneLine(hostile);
  const short = line.replace(
    /\bsha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})(?![0-9a-f])/g,
    (digest) => `${digest.slice(0, 19)}…`,
  );
  if (short === line) return code(line);
  return `<code title="${line.replace(/[!-,./:-@[-`{-~]/g, entity)}">${short.replace(/[!-,./:-@[-`{-~]/g, entity)}</code>`;
}

function entity(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}

/** A fenced block of several lines; every line is clipped to 400 characters. */
export function fence(language: "" | "diff" | "yaml", hostile: string): string {
  const lines = hostile.split(/\r\n|[\n\r]/).map((line) => clip(visible(line.replaceAll("\t", "    ")), 400));
  const ticks = "`".repeat(Math.max(3, longestRun(hostile) + 1));
  return [ticks + language, ...lines, ticks].join("\n");
}

function longestRun(line: string): number {
  return Math.max(0, ...Array.from(line.matchAll(/`+/g), ([run]) => run.length));
}

/** A link built by the App. `label`: trusted Markdown; for a URL that may not be linked only the label is returned. */
export function link(label: string, address: string): string {
  const url = webAddress(address);
  return url === undefined ? label : `[${label}](${url})`;
}

/** An http(s) URL without credentials, in a form that is safe in a Markdown link; `undefined` for any other. */
export function webAddress(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  const plain = /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
  return plain ? url.href.replace(/[^A-Za-z0-9\-._~:/?#@!&=+,;%]/g, encodeURIComponentStrictly) : undefined;
}

function encodeURIComponentStrictly(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
