// What a reader would see of a Markdown text on GitHub: its elements, its text, and what GitHub recognises in the text.

import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";

export interface Page {
  /** Names of the elements, each once. */
  readonly elements: readonly string[];
  /** All text, in order. */
  readonly text: string;
  /** Mentions, references and the like that GitHub would make something of: only outside of code. */
  readonly recognised: readonly string[];
}

/** Raw HTML passes, as on GitHub; nothing is sanitised, so that whatever a text smuggles in shows up. */
export function githubPage(markdown: string): Page {
  const html = micromark(markdown, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
  });
  const elements = new Set<string>();
  const open: string[] = [];
  let text = "";
  const recognised: string[] = [];
  for (const [, tag, plain] of html.matchAll(/(<!--[\s\S]*?-->|<\/?[a-z][^>]*>|<)|([^<]+)/gi)) {
    if (plain !== undefined) {
      const decoded = decode(plain);
      text += decoded;
      if (!open.includes("code") && !open.includes("pre")) recognised.push(...recognise(decoded));
    } else if (tag !== undefined) enter(tag, { elements, open });
  }
  return { elements: [...elements].sort(), text, recognised };
}

function enter(tag: string, page: { readonly elements: Set<string>; readonly open: string[] }): void {
  const name = /^<\/?([a-z0-9]+)/i.exec(tag)?.[1]?.toLowerCase() ?? tag;
  if (tag.startsWith("</")) page.open.pop();
  else {
    page.elements.add(name);
    if (!["br", "hr", "img", "input"].includes(name)) page.open.push(name);
  }
}

const WRITTEN: { readonly [entity: string]: string } = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
};

/** The entities that the parser writes; those in the source it has read already. */
function decode(html: string): string {
  return html.replace(/&(?:amp|lt|gt|quot);/g, (entity) => WRITTEN[entity] ?? entity);
}

/** What GitHub's own passes over a page look for in text (docs.github.com: autolinked references, mentions, emoji, math). */
const PASSES: readonly RegExp[] = [
  /(?<![\w`])@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\/[\w.-]+)?/gi,
  /(?<![\w])(?:[\w.-]+(?:\/[\w.-]+)?)?#\d+/g,
  /(?<![\w])GH-\d+/gi,
  /(?<![\w])[0-9a-f]{7,40}(?![\w])/g,
  /(?:https?|ftp):\/\/\S/gi,
  /(?<![\w])www\.[\w-]/gi,
  /[\w.+-]+@[\w-]+\.[\w.]+/g,
  /:[a-z0-9+][\w+-]*:/gi,
  /GHSA-[\w-]+/gi,
];

function recognise(text: string): readonly string[] {
  return PASSES.flatMap((pass) => Array.from(text.matchAll(pass), ([found]) => found));
}
