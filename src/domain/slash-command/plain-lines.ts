// The lines of a Markdown text outside of quotes, lists, code and HTML (CommonMark 0.31.2, sections 4 and 5). One pass
// over the lines, since anybody who can comment chooses the text. After a construct that only a full parser could
// follow, nothing counts.

import { linesOutsideSpans } from "./lines-outside-spans.ts";

/** Each line of a top-level paragraph that begins as plain text, in order. */
export function plainLines(markdown: string): readonly string[] {
  const reader = new BlockReader();
  for (const line of markdown.split(/\r\n|[\n\r]/)) {
    if (reader.isLost) break;
    reader.take(line);
  }
  return reader.end();
}

/** An open block that spans several lines. */
type Open =
  | { readonly kind: "fence"; readonly end: RegExp }
  | { readonly kind: "html"; readonly end: RegExp }
  /** `lazy`: a paragraph in it may continue with a line without the quote mark. */
  | { readonly kind: "quote" }
  /** `isSure`: so far no line has made it doubtful whether the list continues. */
  | { readonly kind: "list"; readonly column: number; readonly isSure: boolean; readonly isLazy: boolean }
  | { readonly kind: "none" };

const NONE: Open = { kind: "none" };

class BlockReader {
  isLost = false;
  readonly #visibleLines: string[] = [];
  #paragraph: string[] = [];
  #open: Open = NONE;

  take(line: string): void {
    const open = this.#open;
    if (open.kind === "fence" || open.kind === "html") {
      if (open.end.test(line)) this.#open = NONE;
    } else if (/^[ \t]*$/.test(line)) this.#blank();
    else if (open.kind === "list" && columnOf(line) >= open.column) this.#inList(line, open);
    else if (columnOf(line) > 3) this.#further(line);
    else this.#start(line);
  }

  end(): readonly string[] {
    this.#flush();
    return this.#visibleLines;
  }

  #blank(): void {
    this.#flush();
    if (this.#open.kind === "quote") this.#open = NONE;
    if (this.#open.kind === "list") this.#open = { ...this.#open, isLazy: false };
  }

  #inList(line: string, list: Open & { readonly kind: "list" }): void {
    if (!list.isSure && opensBlock(line)) this.isLost = true;
    this.#open = { ...list, isLazy: true };
  }

  /** A line that may begin a top-level block. */
  #start(line: string): void {
    const fence = fenceEnd(line);
    const html = htmlEnd(line);
    if (fence !== undefined) this.#enter({ kind: "fence", end: fence });
    else if (html !== undefined)
      this.#enter(html.test(line) && !isBlankLine(html) ? NONE : { kind: "html", end: html });
    else if (/^ {0,3}<[A-Za-z/]/.test(line) && this.#paragraph.length === 0) this.isLost = true;
    else if (/^ {0,3}>/.test(line)) this.#enter({ kind: "quote" });
    else if (this.#paragraph.length > 0 && /^ {0,3}(=+|-+)[ \t]*$/.test(line)) this.#paragraph = [];
    else if (HEADING_OR_RULE.test(line)) this.#enter(NONE);
    else if (LIST_ITEM.test(line)) this.#startItem(line);
    else this.#further(line);
  }

  /** Only some items may interrupt a paragraph (CommonMark 5.2). */
  #startItem(line: string): void {
    const [, lead = "", mark = "", space = "", content = ""] = LIST_ITEM.exec(line) ?? [];
    const interrupts = content !== "" && (mark.length === 1 || /^1[.)]$/.test(mark));
    const mayBeLazy = this.#open.kind === "quote" || (this.#open.kind === "list" && this.#open.isLazy);
    const column = lead.length + mark.length + (space.length > 4 ? 1 : space.length);
    if (!interrupts && this.#paragraph.length > 0) this.#further(line);
    else if (content === "" || space.includes("\t") || (!interrupts && mayBeLazy)) this.isLost = true;
    else this.#enter({ kind: "list", column, isSure: true, isLazy: true });
  }

  /** A paragraph line, a lazy continuation of a quote or list, or indented code. */
  #further(line: string): void {
    const open = this.#open;
    if (open.kind === "quote") return;
    if (open.kind === "list" && open.isLazy) {
      this.#open = { ...open, isSure: false };
      return;
    }
    if (this.#paragraph.length === 0 && columnOf(line) > 3) return;
    this.#open = NONE;
    this.#paragraph.push(line);
  }

  #enter(open: Open): void {
    this.#flush();
    this.#open = open;
  }

  #flush(): void {
    this.#visibleLines.push(...linesOutsideSpans(this.#paragraph));
    this.#paragraph = [];
  }
}

const LIST_ITEM = /^( {0,3})([-+*]|\d{1,9}[.)])([ \t]+(?![ \t])|$)(.*)$/;
const HEADING_OR_RULE = /^ {0,3}(?:#{1,6}(?:[ \t]|$)|(?:\*[ \t]*){3,}$|(?:-[ \t]*){3,}$|(?:_[ \t]*){3,}$)/;

/** The column at which a line's text begins, with tab stops of four. */
function columnOf(line: string): number {
  let column = 0;
  for (const character of line) {
    if (character === "\t") column += 4 - (column % 4);
    else if (character === " ") column += 1;
    else return column;
  }
  return column;
}

function opensBlock(line: string): boolean {
  const text = line.trimStart();
  return fenceEnd(text) !== undefined || text.startsWith("<");
}

function fenceEnd(line: string): RegExp | undefined {
  const [, run] = /^ {0,3}(`{3,})[^`]*$/.exec(line) ?? /^ {0,3}(~{3,})/.exec(line) ?? [];
  if (run === undefined) return undefined;
  return new RegExp(`^ {0,3}${run[0]}{${run.length},}[ \\t]*$`);
}

const BLANK = /^[ \t]*$/;

function isBlankLine(end: RegExp): boolean {
  return end === BLANK;
}

/** CommonMark 4.6, start conditions 1 to 6. */
const HTML_BLOCKS: readonly (readonly [start: RegExp, end: RegExp])[] = [
  [/^ {0,3}<(?:pre|script|style|textarea)(?:[ \t>]|$)/i, /<\/(?:pre|script|style|textarea)>/i],
  [/^ {0,3}<!--/, /-->/],
  [/^ {0,3}<\?/, /\?>/],
  [/^ {0,3}<![A-Za-z]/, />/],
  [/^ {0,3}<!\[CDATA\[/, /\]\]>/],
  [
    /^ {0,3}<\/?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?:[ \t]|\/?>|$)/i,
    BLANK,
  ],
];

function htmlEnd(line: string): RegExp | undefined {
  return HTML_BLOCKS.find(([start]) => start.test(line))?.[1];
}
