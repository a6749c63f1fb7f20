// The slash commands in a comment: lines of plain text that begin with one. Commands in quotes, code or HTML do not
// count.

import { type CommandMeaning, meaningOf, VERBS } from "./command-grammar.ts";
import { plainLines } from "./plain-lines.ts";

export type Command = CommandMeaning & {
  /** As written, with blanks normalised. */
  readonly text: string;
};

const COMMAND = new RegExp(`^/(${VERBS.join("|")})(?:[ \\t]+(.*))?$`);
const PERHAPS = /^ {0,3}\/[a-z]/m;

/** Only this many characters of a comment are parsed. */
const LOOKED_AT = 16 * 1024;

/** The most commands of one comment, as each may plan the environment again. */
const MOST = 10;

/** A cheap test whether it may contain a command at all, as most comments do not. */
export function mayHoldCommands(markdown: string): boolean {
  return PERHAPS.test(markdown.slice(0, LOOKED_AT));
}

/**
 * In the order written, without duplicates. `markdown`: the comment as GitHub stores it (CommonMark,
 * https://spec.commonmark.org/0.31.2/).
 */
export function parseCommands(markdown: string): readonly Command[] {
  if (!mayHoldCommands(markdown)) return [];
  const commands = plainLines(markdown.slice(0, LOOKED_AT)).flatMap(commandIn);
  const different = [...new Map(commands.map((command) => [command.text, command])).values()];
  const first = different.slice(0, MOST);
  const [next] = different.slice(MOST);
  return next ? [...first, tooMany(next)] : first;
}

function commandIn(line: string): readonly Command[] {
  const [, verb, rest = ""] = COMMAND.exec(line.trim()) ?? [];
  const known = VERBS.find((one) => one === verb);
  if (!known) return [];
  const words = rest.split(/[ \t]+/).filter((word) => word !== "");
  return [{ ...meaningOf(known, words), text: [`/${known}`, ...words].join(" ") }];
}

function tooMany({ text }: Command): Command {
  const because = `One comment may give ${MOST} commands.`;
  return { kind: "unclear", because, help: "Write it and what follows in another comment.", text };
}
