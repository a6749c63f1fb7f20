// What counts as a command in a comment, and what only talks about one.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parse, postprocess, preprocess } from "micromark";
import { parseCommands } from "../../../src/domain/slash-command/parse-commands.ts";
import { plainLines } from "../../../src/domain/slash-command/plain-lines.ts";

function read(markdown: string): readonly string[] {
  return parseCommands(markdown).map(({ text }) => text);
}

describe("commands", () => {
  test.each([
    ["/hold", ["/hold"]],
    ["  /hold  ", ["/hold"]],
    ["/hold until  the release is out", ["/hold until the release is out"]],
    ["/promote 1.2.3", ["/promote 1.2.3"]],
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

describe("what stands behind a command counts, or is answered", () => {
  test.each([
    ["/promote", /names no version/],
    ["/promote nonsense please", /names no version/],
    ["/promote 1.2.3 now, please", /not clear/],
    ["/promote xposer-agent 1.2.3 please", /not clear/],
    ["/promote 1.2.3 to", /not clear/],
    ["/promote 1.2.3 to prod please", /not clear/],
    ["/promote a b 1.2.3 to prod", /not clear/],
    ["/rollback 1.0.0", /takes no arguments, and these are some: 1\.0\.0/],
    ["/unhold xposer", /takes no arguments/],
    ["/rebase please", /takes no arguments/],
  ])("%j is answered", (markdown, because) => {
    expect(parseCommands(markdown)).toEqual([
      { kind: "unclear", because: expect.stringMatching(because), help: expect.any(String), text: markdown },
    ]);
  });

  test.each([
    ["/promote 1.2.3", { kind: "promote", version: "1.2.3" }],
    ["/promote 1.2.3-rc.1+build.7", { kind: "promote", version: "1.2.3-rc.1+build.7" }],
    ["/promote xposer 1.2.3", { kind: "promote", version: "1.2.3", chart: "xposer" }],
    ["/promote 1.2.3 2.0.0", { kind: "promote", version: "2.0.0", chart: "1.2.3" }],
    ["/promote 1.2.3 to prod", { kind: "promote", version: "1.2.3", environment: "prod" }],
    [
      "/promote  xposer 1.2.3\tto prod",
      { kind: "promote", version: "1.2.3", chart: "xposer", environment: "prod" },
    ],
    ["/reject", { kind: "reject", charts: [], everywhere: false }],
    ["/reject xposer", { kind: "reject", charts: ["xposer"], everywhere: false }],
    ["/reject everywhere", { kind: "reject", charts: [], everywhere: true }],
    ["/hold until noon", { kind: "hold", reason: "until noon" }],
    ["/help me", { kind: "help" }],
  ])("%j counts", (markdown, meaning) => {
    const text = markdown.replace(/[ \t]+/g, " ");
    expect(parseCommands(markdown)).toEqual([{ ...meaning, text }]);
  });

  test("so do commands beyond the tenth of a comment", () => {
    const parsed = parseCommands(Array.from({ length: 13 }, (_, n) => `/promote 1.0.${n}`).join("\n"));
    expect(parsed.map(({ kind }) => kind)).toEqual([...Array(10).fill("promote"), "unclear"]);
    expect(parsed.at(-1)).toMatchObject({
      text: "/promote 1.0.10",
      because: "One comment may give 10 commands.",
    });
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

/** What micromark makes of the same text; emphasis is left to mean what it may. */
function saidByMicromark(markdown: string): readonly string[] {
  const parser = parse({ extensions: [{ disable: { null: ["attention"] } }] });
  const events = postprocess(parser.document().write(preprocess()(markdown, undefined, true)));
  const parsed: string[] = [];
  const around: string[] = [];
  let isLineStart = false;
  for (const [what, { type, start }] of events) {
    if (what === "exit") {
      if (type === "lineEnding") isLineStart = around.at(-1) === "lineEnding" && isPlain(around.slice(0, -1));
      around.splice(around.lastIndexOf(type), 1);
      continue;
    }
    around.push(type);
    if (type === "paragraph") isLineStart = isPlain(around);
    if (type === "data" && isLineStart) parsed.push(markdown.split("\n")[start.line - 1] ?? "");
    if (type !== "lineEnding" && type !== "paragraph" && type !== "linePrefix") isLineStart = false;
  }
  return parsed;
}

const FLOW = new Set(["content", "paragraph"]);

function isPlain(around: readonly string[]): boolean {
  return around.includes("paragraph") && around.every((type) => FLOW.has(type));
}

const PIECES = [
  ...[
    "/hold",
    "/help",
    "text",
    "> ",
    "- ",
    "* ",
    "1. ",
    "2) ",
    "-",
    "`",
    "``",
    "```",
    "~~~",
    "    ",
    "  ",
    " ",
  ],
  ...[
    "\t",
    "<!--",
    "-->",
    "<a ",
    "<b>",
    "</b>",
    "<div>",
    "</div>",
    "<pre>",
    "</pre>",
    "<",
    '"',
    "[",
    "]",
    "](",
  ],
  ...[
    ")",
    "]: ",
    "[a]: /u",
    "\\",
    "===",
    "---",
    "# ",
    "***",
    "<?",
    "?>",
    "<!X",
    "&amp;",
    "<http://a.b>",
    "![",
  ],
];
const pieced = fc.array(fc.constantFrom(...PIECES), { maxLength: 4 }).map((pieces) => pieces.join(""));
const texts = fc.array(fc.oneof(fc.constantFrom("/hold", "/help", "", "words"), pieced), { maxLength: 9 });

test("nothing counts as a command that another reader of Markdown takes for anything but plain text", () => {
  const isCommand = (line: string) => /^ *\/(hold|help)$/.test(line);
  fc.assert(
    fc.property(texts, (parts) => {
      const markdown = parts.join("\n");
      const theirs = saidByMicromark(markdown).map((line) => line.trim());
      for (const line of plainLines(markdown).filter(isCommand)) expect(theirs).toContain(line.trim());
    }),
    { numRuns: 3_000 },
  );
});

test("commands between ordinary words, lists, quotes and code are found as the other reader finds them", () => {
  const ordinary = fc.constantFrom(
    ...[
      "/hold",
      "/help",
      "Looks good to me.",
      "",
      "",
      "> quoted",
      "- an item",
      "```",
      "## Why",
      "`code` and [a](b)",
    ],
    ...[
      "See <https://example.com>.",
      "<!-- a note -->",
      "1. first",
      "    indented",
      "@alice what do you think?",
    ],
  );
  fc.assert(
    fc.property(fc.array(ordinary, { maxLength: 12 }), (parts) => {
      const markdown = parts.join("\n");
      expect(plainLines(markdown).filter((line) => line.startsWith("/"))).toEqual(
        saidByMicromark(markdown).filter((line) => line.startsWith("/")),
      );
    }),
    { numRuns: 3_000 },
  );
});
