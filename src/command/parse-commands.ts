// The commands in a comment: lines of plain text that begin with one. What is quoted, code or HTML is talked about, not said.

import { parse, postprocess, preprocess } from "micromark";
import { parseVersion } from "../versions/version.ts";

export type Command =
  | { readonly kind: "hold" | "unhold" | "rebase" | "reject" | "rollback" | "help" }
  /** `version`: the next word as it was written, or the one after it where the next is a chart's name; empty without one. */
  | { readonly kind: "promote"; readonly version: string; readonly chart?: string };

const PLAIN = ["hold", "unhold", "rebase", "reject", "rollback", "help"] as const;
const COMMAND =
  /^\/(hold|unhold|rebase|reject|rollback|help|promote)(?:[ \t]+(\S+))?(?:[ \t]+(\S+))?(?:[ \t].*)?$/;
const PERHAPS = /^ {0,3}\/[a-z]/m;

/** In the order written, each once. `markdown`: the comment as GitHub keeps it (CommonMark, https://spec.commonmark.org/0.31.2/). */
export function parseCommands(markdown: string): readonly Command[] {
  if (!PERHAPS.test(markdown)) return [];
  const commands = plainLines(markdown).flatMap(commandIn);
  return [...new Map(commands.map((command) => [JSON.stringify(command), command])).values()];
}

/** What a command was written as. */
export function commandText(command: Command): string {
  if (command.kind !== "promote") return `/${command.kind}`;
  return ["/promote", command.chart, command.version].filter(Boolean).join(" ");
}

function commandIn(line: string): readonly Command[] {
  const [, kind, word = "", next = ""] = COMMAND.exec(line.trim()) ?? [];
  if (kind === "promote") {
    const named = !parseVersion(word) && parseVersion(next);
    return [named ? { kind, version: next, chart: word } : { kind, version: word }];
  }
  return PLAIN.filter((one) => one === kind).map((one) => ({ kind: one }));
}

/** Tokens that contain paragraphs of somebody else's words, or of a list. */
const CONTAINERS = new Set(["blockQuote", "listOrdered", "listUnordered"]);

/** The lines of the comment's own paragraphs that begin as plain text. */
function plainLines(markdown: string): readonly string[] {
  const events = postprocess(
    parse()
      .document()
      .write(preprocess()(markdown, undefined, true)),
  );
  const lines: string[] = [];
  const all = markdown.split(/\r\n|[\n\r]/);
  let containers = 0;
  let inParagraph = false;
  let depth = 0;
  let isLineStart = false;
  for (const [what, { type, start }] of events) {
    const step = what === "enter" ? 1 : -1;
    if (CONTAINERS.has(type)) containers += step;
    else if (type === "paragraph") {
      inParagraph = what === "enter" && containers === 0;
      isLineStart = inParagraph;
      depth = 0;
    } else if (inParagraph && type === "lineEnding") isLineStart = depth === 0;
    else if (inParagraph && type === "data" && what === "enter") {
      if (isLineStart) lines.push(all[start.line - 1] ?? "");
      isLineStart = false;
    } else if (inParagraph && SPANS.has(type)) {
      depth += step;
      isLineStart = false;
    }
  }
  return lines;
}

/** What may go over the end of a line within a paragraph, so that the next line begins inside of it. */
const SPANS = new Set(["codeText", "htmlText", "link", "image", "label", "emphasis", "strong"]);
