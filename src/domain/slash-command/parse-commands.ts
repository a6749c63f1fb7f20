// The commands in a comment: lines of plain text that begin with one. What is quoted, code or HTML is talked about, not said.

import { type CommandMeaning, meaningOf, VERBS } from "./command-grammar.ts";
import { plainLines } from "./plain-lines.ts";

export type Command = CommandMeaning & {
  /** As it was written, but for blanks. */
  readonly text: string;
};

const COMMAND = new RegExp(`^/(${VERBS.join("|")})(?:[ \\t]+(.*))?$`);
const PERHAPS = /^ {0,3}\/[a-z]/m;

/** A comment is looked at no further: what people say to the App is short. */
const LOOKED_AT = 16 * 1024;

/** Of one comment, as each may plan the environment anew. */
const MOST = 10;

/** Whether it could hold a command at all; costs next to nothing, for the many comments that hold none. */
export function mayHoldCommands(markdown: string): boolean {
  return PERHAPS.test(markdown.slice(0, LOOKED_AT));
}

/** In the order written, each once. `markdown`: the comment as GitHub keeps it (CommonMark, https://spec.commonmark.org/0.31.2/). */
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
