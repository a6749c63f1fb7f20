// What counts as a command in a comment, and what only talks about one.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { commandText, parseCommands } from "../../src/command/parse-commands.ts";

function read(markdown: string): readonly string[] {
  return parseCommands(markdown).map(commandText);
}

describe("commands", () => {
  test.each([
    ["/hold", ["/hold"]],
    ["  /hold  ", ["/hold"]],
    ["/hold until the release is out", ["/hold"]],
    ["/promote 1.2.3", ["/promote 1.2.3"]],
    ["/promote   1.2.3-rc.1+build_7  now, please", ["/promote 1.2.3-rc.1+build_7"]],
    ["/promote", ["/promote"]],
    ["/promote xposer-agent 1.2.3 please", ["/promote xposer-agent 1.2.3"]],
    ["/promote 1.2.3 2.0.0", ["/promote 1.2.3"]],
    ["/promote nonsense please", ["/promote nonsense"]],
    ["Looks good.\n/unhold\n/promote 2.0.0\nThanks!", ["/unhold", "/promote 2.0.0"]],
    ["Looks good.\r\n\r\n/unhold\r\n/help", ["/unhold", "/help"]],
    ["/hold\n/hold", ["/hold"]],
    ["# Release\n/rebase", ["/rebase"]],
    ["> /hold\n\n/unhold", ["/unhold"]],
    ["```\n/hold\n```\n/reject", ["/reject"]],
    ["/rollback", ["/rollback"]],
  ])("%j", (markdown, commands) => {
    expect(read(markdown)).toEqual(commands);
  });
});

describe("no commands", () => {
  test.each([
    "",
    "please /hold",
    "/holdings",
    "/HOLD",
    "/approve",
    "\\/hold",
    "> /hold",
    "> quoted\n/hold",
    "> > /hold",
    "- > /hold",
    "- /hold",
    "`/hold`",
    "`code\n/hold\nmore`",
    "``\n/hold ` x\n``",
    "```\n/hold\n```",
    "```sh\n/hold",
    "~~~\n```\n/hold\n~~~",
    "text\n\n    /hold",
    "\t/hold",
    "<!-- /hold -->",
    "<!--\n/hold\n-->",
    "words <!-- and\n/hold\n--> more",
    "<details>\n/hold\n</details>",
    "<pre>\n/hold\n</pre>",
    '<a title="\n/hold\n">x</a>',
    "[a\n/hold\nb](https://example.com)",
    "# /hold",
    "| a |\n|---|\n| /hold |",
  ])("%j", (markdown) => {
    expect(read(markdown)).toEqual([]);
  });
});

const lines = fc.array(
  fc.oneof(
    fc.constantFrom(
      "",
      ">",
      "> ",
      "```",
      "~~~",
      "    ",
      "\t",
      "<!--",
      "-->",
      "`",
      "- ",
      "* ",
      "<pre>",
      "</pre>",
      "text",
    ),
    fc.constantFrom("/hold", "/promote 1.2.3", "> /hold", "`/hold`", "    /hold", "- /hold"),
    fc.string({ maxLength: 12 }),
  ),
  { maxLength: 12 },
);

test("any text is read without a throw, and only commands of lines that begin with one come out", () => {
  fc.assert(
    fc.property(lines, fc.constantFrom("\n", "\r\n", "\r"), (parts, lineBreak) => {
      const text = parts.join(lineBreak);
      const begun = text.split(/\r\n|[\n\r]/).map((line) => line.trim());
      for (const command of read(text)) {
        const [word = ""] = command.split(" ");
        expect(begun.some((line) => line.startsWith(word))).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test("whatever is quoted or fenced holds no command", () => {
  fc.assert(
    fc.property(lines, (parts) => {
      const quoted = parts.map((line) => `> ${line.replaceAll(/[\n\r]/g, " ")}`).join("\n");
      const fenced = `~~~~~~~~\n${parts.join("\n").replaceAll("~", "-")}\n~~~~~~~~`;
      expect([...read(quoted), ...read(fenced)]).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
