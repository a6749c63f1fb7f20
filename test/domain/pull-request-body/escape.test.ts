// Hostile text shows exactly as it was written and does nothing, wherever it is put.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { oneLine, visible } from "../../../src/domain/model/visible.ts";
import {
  clip,
  code,
  codeElement,
  digestCode,
  fence,
  link,
  prose,
  text,
  webAddress,
} from "../../../src/domain/pull-request-body/markdown/escape.ts";
import { githubPage, type Page } from "./github-page.ts";

const ATTACKS = [
  "@octocat",
  "(@octocat)",
  "x@octocat",
  "@org/team-name,",
  "_@octocat_",
  "@​octocat",
  "/@octocat",
  "-@octocat",
  "mail@example.com",
  "#1",
  "fixes #123.",
  "(#1)",
  "GH-12",
  "gh-12",
  "owner/repo#3",
  "user#4",
  "closes https://github.com/o/r/issues/5",
  "ref#6#7",
  "deadbeef",
  "0123456789abcdef0123456789abcdef01234567",
  "owner/repo@deadbeef01",
  "cafe123,",
  "https://example.com",
  "HTTP://EXAMPLE.COM",
  "www.example.com",
  "WWW.example.com",
  "ftp://example.com",
  "mailto:a@b.example",
  "xmpp:a@b.example/c",
  "<https://example.com>",
  "[x](https://example.com)",
  "[x][y]",
  "[x]: https://example.com",
  "![x](y)",
  "[^1]",
  "[^1]: note",
  "[ ] task",
  "- [x] task",
  "* item",
  "+ item",
  "1. item",
  "1) item",
  "123456789. item",
  "# heading",
  "####### no heading",
  "---",
  "***",
  "___",
  "===",
  "> quote",
  "> [!NOTE]",
  "| a | b |",
  "|---|---|",
  "a|b",
  "a\\|b",
  "\\",
  "\\\\",
  "\\`",
  "`",
  "``",
  "```",
  "~~~",
  "`code`",
  "``co`de``",
  "`@octocat`",
  "(`a`)",
  "`a`.@octocat",
  "@(`a`",
  "`a``b`",
  "`a` `b`",
  "(`x`)!",
  "`#1`@octocat",
  "$x$",
  "$$x$$",
  "$`x`$",
  ":tada:",
  "::",
  ":+1:",
  "12:30:45",
  "~~gone~~",
  "*a*",
  "**a**",
  "_a_",
  "a_b_c",
  "__a__",
  "<b>x</b>",
  "<img src=x onerror=alert(1)>",
  "<script>alert(1)</script>",
  "</details>",
  "</td>",
  "<!--",
  "-->",
  "<!-- chart-promoter: end -->",
  "<?php",
  "<![CDATA[x]]>",
  "<a@b.example>",
  "&lt;b&gt;",
  "&amp;",
  "&#35;1",
  "&copy",
  "&#64;octocat",
  "\u202etxt.exe",
  "\u2066x\u2069",
  "a\u200bb",
  "a\u0000b",
  "a\u001b[31mb",
  "\u00ad",
  "\ufeff",
  "\ud800",
  "x\u2028y",
  "x\r\ny",
  "  x  ",
  "\tx",
  "\n\n# x",
  "a\n\n    code",
  "a\n---",
  "a\n===",
  "1\n- b",
  "👩‍💻",
  "🏳️‍🌈",
  "a\u200db",
  "",
  " ",
  "   ",
  "e\u0301",
  "\u3164",
  "CVE-2026-1",
  "GHSA-xxxx-yyyy-zzzz",
  "javascript:alert(1)",
  "data:text/html,x",
  "!",
  "!!",
  "x!",
  "=",
  "+",
  "-",
  ".",
  "0.",
  "007) x",
  "\\#1",
  "\\@octocat",
  "{{x}}",
  "{%x%}",
];

/** Each puts an escaped text into a place of the pull request text. */
const PLACES: readonly (readonly [string, (safe: string) => string])[] = [
  ["a paragraph", (safe) => safe],
  ["a list", (safe) => `- ${safe}\n- next`],
  ["an alert", (safe) => `> [!WARNING]\n> - a ${safe}.`],
  ["a table", (safe) => `| | |\n|---|---|\n| ${safe} | x |`],
  ["emphasis", (safe) => `**a ${safe} b**`],
  ["folded details", (safe) => `<details>\n<summary>x</summary>\n\n- ${safe}\n\n</details>`],
];

function isHarmless(place: (safe: string) => string, safe: string, shown: string): void {
  const page = githubPage(place(safe));
  expect(page.recognised).toEqual([]);
  const frame = frameOf(place);
  expect(collapse(page.text)).toBe(collapse(frame.text.replace("MARK", () => shown)));
  expect(page.elements.filter((name) => name !== "code" && !frame.elements.includes(name))).toEqual([]);
}

/** What a reader is to see: nothing at all is two quotes. */
function shown(attack: string): string {
  return oneLine(attack) || '""';
}

const frames = new Map<unknown, Page>();

/** What stands around the text in a place. */
function frameOf(place: (safe: string) => string): Page {
  const frame = frames.get(place) ?? githubPage(place("MARK"));
  frames.set(place, frame);
  return frame;
}

/** As a browser does: white space is one blank, and none at the edges. */
function collapse(shown: string): string {
  return shown.replace(/[ \n]+/g, " ").trim();
}

describe.each(PLACES)("hostile text in %s", (_place, put) => {
  test.each(ATTACKS.map((attack) => [JSON.stringify(attack), attack]))("%s", (_name, attack) => {
    isHarmless(put, text(attack), shown(attack));
    isHarmless(put, code(attack), shown(attack));
    isHarmless(put, codeElement(attack), oneLine(attack));
    const digest = "sha256:0123456789ab";
    isHarmless(
      put,
      digestCode(`${digest}${"c".repeat(52)}.${attack}`),
      `${digest}….${oneLine(`x${attack}`).slice(1)}`,
    );
    isHarmless(
      put,
      prose(attack),
      shown(attack).replace(/(?<=^\(?|\s\(?)`([^`\s](?:[^`]*[^`\s])?)`(?=[.,;:)!?]*(?:\s|$))/g, "$1"),
    );
  });

  const hostile = fc.array(
    fc.oneof(
      fc.constantFrom(...ATTACKS, " ", "\n", "`", "|", "\\", "@", "#", "(", ")", "a", "1"),
      fc.string({ unit: "binary", maxLength: 4 }),
    ),
    { maxLength: 8 },
  );

  test("whatever it is", () => {
    fc.assert(
      fc.property(hostile, (parts) => {
        const attack = parts.join("");
        isHarmless(put, text(attack), shown(attack));
        isHarmless(put, code(attack), shown(attack));
      }),
      { numRuns: 400 },
    );
  });

  test("two of them side by side", () => {
    fc.assert(
      fc.property(hostile, hostile, (one, other) => {
        const [a, b] = [one.join(""), other.join("")];
        isHarmless(
          put,
          `x ${text(a)} (${code(b)}) ${text(b)}, ${code(a)}`,
          `x ${shown(a)} (${shown(b)}) ${shown(b)}, ${shown(a)}`,
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe("a fence", () => {
  test("holds any text to its last line", () => {
    const lines = fc.array(
      fc.oneof(
        fc.constantFrom(...ATTACKS, "````", "~~~~", "`````diff"),
        fc.string({ unit: "binary", maxLength: 9 }),
      ),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(lines, (parts) => {
        const page = githubPage(`before\n\n${fence("diff", parts.join("\n"))}\n\nafter`);
        expect(page.elements).toEqual(["code", "p", "pre"]);
        expect(page.recognised).toEqual([]);
        expect(page.text.endsWith("after")).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("clips long lines", () => {
    expect(fence("", "x".repeat(500)).split("\n")[1]).toHaveLength(400);
  });
});

describe("a link of ours", () => {
  test.each([
    ["https://github.com/example/x", "[x](https://github.com/example/x)"],
    ["http://example.com/a b(c)[d]", "[x](http://example.com/a%20b%28c%29%5Bd%5D)"],
    ['https://example.com/"><script>', "[x](https://example.com/%22%3E%3Cscript%3E)"],
    ["https://example.com/?a=b&c=`|\\", "[x](https://example.com/?a=b&c=%60%7C%5C)"],
    ["javascript:alert(1)", "x"],
    ["data:text/html,<script>", "x"],
    ["https://user:password@example.com/", "x"],
    ["//example.com", "x"],
    ["", "x"],
  ])("%s", (address, expected) => expect(link("x", address)).toBe(expected));

  test("has one element and one text, whatever the address", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl({ withQueryParameters: true, withFragments: true }),
          fc.constantFrom(...ATTACKS).map((attack) => `https://example.com/${attack}`),
        ),
        (address) => {
          const page = githubPage(link("x", address));
          expect([page.text, page.elements]).toEqual([
            "x",
            webAddress(address) === undefined ? ["p"] : ["a", "p"],
          ]);
        },
      ),
    );
  });
});

test("what cannot be seen is named, what belongs to an emoji stays", () => {
  expect(visible("a\u202eb\u200b👩\u200d💻 x\u200dy \u{e0041}")).toBe(
    "a⟨U+202E⟩b⟨U+200B⟩👩\u200d💻 x⟨U+200D⟩y ⟨U+E0041⟩",
  );
});

test("clipping never halves a character", () => {
  expect([clip("ab😀", 4), clip("ab😀c", 4), clip("ab😀cd", 5)]).toEqual(["ab😀", "ab…", "ab😀…"]);
});
