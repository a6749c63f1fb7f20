// Hostile text in Markdown: it shows exactly as it is written and does nothing. No mention, no reference to an issue or a
// commit, no link, no HTML, no way out of the table, list or fence that it stands in.

import { clip } from "../../model/clip.ts";
import { oneLine, visible } from "../../model/visible.ts";

export { clip };

/** What GitHub makes more of than text although it is no Markdown: mentions, references, addresses, emoji, advisories. */
const RECOGNISED =
  /@|#\w|:\/\/|www\.|gh-\d|(?<![a-z0-9_])[0-9a-f]{7,}(?![a-z0-9_])|:[\w+-]+:|(?:ghsa|cve)-|(?:mailto|xmpp):/i;

/**
 * One line of plain text, to stand behind words of ours or at the start of a paragraph, list item or table cell.
 * Markdown's own punctuation is escaped; a word in which GitHub would recognise something becomes code, where it does not.
 * No colon of ours may follow at once: it could complete the name of an emoji. Nothing at all is `""`, since an empty
 * list item would let the next line turn it into a heading.
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

/** Between blanks or the ends of the line, with nothing but an opening bracket before and punctuation behind. */
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

/** The punctuation around a word stays outside of its code. */
function codeWithin(word: string): string {
  const [open = ""] = /^[([{"']*/.exec(word) ?? [];
  let end = word.length;
  while (end > open.length && CLOSING.has(word.charAt(end - 1))) end -= 1;
  const [inner, close] = [word.slice(open.length, end), word.slice(end)];
  return RECOGNISED.test(inner) ? escaped(open) + code(inner) + escaped(close) : code(word);
}

/**
 * A code span. GitHub recognises nothing in code, so only its own end has to be guarded. A pipe would end a table's cell
 * whatever it stands in, and a comment of HTML could be taken for one of ours (hidden-marker.ts): text with one is written as an element
 * whose every special character is an entity.
 */
export function code(hostile: string): string {
  const line = oneLine(hostile);
  if (line === "") return '`""`';
  if (line.includes("|") || line.includes("<!--")) return codeElement(line);
  const ticks = "`".repeat(longestRun(line) + 1);
  const pad = /^`|`$/.test(line) ? " " : "";
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

/** Code as an element, for where HTML stands in place of Markdown, as in a summary. */
export function codeElement(hostile: string): string {
  return `<code>${oneLine(hostile).replace(/[!-,./:-@[-`{-~]/g, entity)}</code>`;
}

/** Code with every digest in it cut to twelve digits, and the whole in its title: shown where the pointer rests. */
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

/** A link that we build. `label` is Markdown of ours; an address that may not be linked gives the label alone. */
export function link(label: string, address: string): string {
  const url = webAddress(address);
  return url === undefined ? label : `[${label}](${url})`;
}

/** A plain http(s) address without credentials, in a form that can stand in a Markdown link; `undefined` for any other. */
export function webAddress(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  const plain = /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
  return plain ? url.href.replace(/[^A-Za-z0-9\-._~:/?#@!&=+,;%]/g, encodeURIComponentStrictly) : undefined;
}

function encodeURIComponentStrictly(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
