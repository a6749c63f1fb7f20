// Texts to try a YAML reader with: well-formed trees in every style, snippets put together at random, texts that are known
// to matter with something changed, and numbers.

import fc from "fast-check";
import { TEXTS } from "../../domain/go-yaml/texts.ts";

const SNIPPETS = [
  ..."a|b|key|x y|:|: | :|- |-|? |?|[|]|{|}|,|, |#| # c|&a |*a|&b |*b |!!str |!!int |! |!x |!!binary |!!float |!!null ".split(
    "|",
  ),
  "|",
  ...">;|-;>+;|2;>-1;';'';\";\\\";\\n;\\x41;\\;<<: ;<<;*a\n;---;\n---\n;\n...\n;--- ;%YAML 1.1\n;%TAG !e! t:\n".split(
    ";",
  ),
  ..."1 0 0x1f 1.5 1e3 0b1 - + .inf ~ null yes no on true _ 2001-01-01 @ ` % = . 1_0 aGk= @x".split(" "),
  ...[
    "\n",
    "\n",
    "\n",
    "\n ",
    "\n  ",
    "\n    ",
    "\t",
    " ",
    "  ",
    "\r\n",
    "\r",
    "\u0085",
    "\u2028",
    "\ufeff",
    "é",
    "😀",
  ],
  ...[
    "\u0007",
    "a: b\n",
    "- a\n",
    "  c: d\n",
    "  - e\n",
    "{a: 1}",
    "[a, b]",
    "'q'",
    '"d"',
    "k:\n",
    "k: |\n  t\n  u\n",
  ],
  ...["k: >\n  t\n\n  u\n", "? k\n: v\n", "!<tag:yaml.org,2002:int> "],
];
const KNOWN = Object.values(TEXTS)
  .flat()
  .filter((text) => text.length < 1000);
const KEYS = [
  "a",
  "b",
  "c d",
  "'q'",
  "1",
  "1.0",
  "~",
  "true",
  "<<",
  "*z ",
  "&k e",
  "!!str 3",
  '"a"',
  "? x\n",
];
const SCALARS = [
  ..."a|1|'x'|\"y\"|0123|1.5|no|~||foo bar|!!str 1|&z q|*z|2001-01-01|-1|0o17|1e400|.5|!!binary YQ==|a:b".split(
    "|",
  ),
  ..."http://x?y=z|a#b|-x|?x|:x|x:|'it''s'|\"\\u00e9\\t\"".split("|"),
];
const BLOCKS = ["|\n  t", ">-\n  t\n  u", "|+\n  t\n\n", ">\n  t\n\n   u\n  v"];

export function yamlTexts(): fc.Arbitrary<string> {
  return fc.oneof(
    soup(16),
    { arbitrary: changed(fc.constantFrom(...KNOWN)), weight: 2 },
    { arbitrary: tree(), weight: 2 },
    changed(tree()),
    numbers(),
    afterPortions(),
  );
}

/** Of several documents. */
export function streamTexts(): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom(
      "\n---\n",
      "---",
      "--- ",
      "---#c\n",
      " # c\n",
      "\r\n",
      "\r",
      "\u0085",
      "\u00a0",
      "\ufeff",
      "\v",
      "--- x",
    ),
    fc.constantFrom(
      "a: 1\n",
      "a: {b: 1}\n",
      "a: {c: 2}\n",
      "b: [1]\n",
      "[a]\n",
      "~\n",
      "a: [\n",
      "__proto__: {a: 1}\n",
    ),
  );
  return fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join(""));
}

export function floatTexts(): fc.Arbitrary<string> {
  const power = fc.integer({ min: -150, max: 130 }).map((exponent) => String(2 ** exponent));
  const decimal = fc.tuple(fc.integer(), fc.integer({ min: -60, max: 40 }));
  return fc.oneof(
    power,
    decimal.map(([digits, exponent]) => `${digits}e${exponent}`),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.float({ noNaN: true, noDefaultInfinity: true }).map(String),
  );
}

function soup(maxLength: number): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...SNIPPETS), { minLength: 1, maxLength }).map((pieces) => pieces.join(""));
}

/** Something put in, left out, repeated, or moved by some blanks. */
function changed(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const change = fc.record({
    kind: fc.constantFrom("insert", "insert", "remove", "cut", "repeat", "indent"),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    other: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 1, max: 12 }),
    snippet: fc.constantFrom(...SNIPPETS),
  });
  return fc.tuple(texts, fc.array(change, { minLength: 1, maxLength: 3 })).map(([text, changes]) =>
    changes.reduce((before, { kind, at, other, length, snippet }) => {
      const place = Math.floor(at * before.length);
      const [head, tail] = [before.slice(0, place), before.slice(place)];
      const from = Math.floor(other * before.length);
      if (kind === "insert") return head + snippet + tail;
      if (kind === "remove") return head + tail.slice(length);
      if (kind === "cut") return head;
      if (kind === "repeat") return head + before.slice(from, from + length * 3) + tail;
      return head + tail.replace(/\n/, `\n${" ".repeat(length % 4)}`);
    }, text),
  );
}

type Drawn = (indent: number) => string;

/** Block and flow collections within one another, with keys, anchors, tags and comments. */
function tree(): fc.Arbitrary<string> {
  const { node } = fc.letrec<{ node: Drawn; flow: Drawn }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom(...SCALARS, ...BLOCKS).map(scalar),
      blockMapping(tie("node")),
      blockSequence(tie("node")),
      tie("flow"),
    ),
    flow: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom(...SCALARS).map((text) => () => text),
      flowCollection(tie("flow")),
    ),
  }));
  return node.map((draw) => draw(0));
}

function scalar(text: string): Drawn {
  return (indent) => text.replaceAll("\n", `\n${" ".repeat(indent)}`);
}

function blockMapping(node: fc.Arbitrary<Drawn>): fc.Arbitrary<Drawn> {
  const pair = fc.record({
    key: fc.constantFrom(...KEYS),
    colon: fc.constantFrom(":", ": ", ":  ", ": # c"),
    step: fc.constantFrom(1, 2, 2, 4),
    value: node,
  });
  return fc
    .tuple(props(), fc.array(pair, { minLength: 1, maxLength: 4 }))
    .map(([properties, pairs]) => (indent) => {
      const blanks = " ".repeat(indent);
      const lines = pairs.map(({ key, colon, step, value }) => {
        const drawn = value(indent + step);
        return blanks + key.replace("\n", `\n${blanks}`) + colon + (/^\s/.test(drawn) ? drawn : ` ${drawn}`);
      });
      return `${properties}\n${lines.join("\n")}`;
    });
}

function blockSequence(node: fc.Arbitrary<Drawn>): fc.Arbitrary<Drawn> {
  const item = fc.record({ compact: fc.boolean(), value: node });
  return fc
    .tuple(props(), fc.array(item, { minLength: 1, maxLength: 4 }))
    .map(([properties, items]) => (indent) => {
      const lines = items.map(({ compact, value }) => {
        const drawn = value(indent + 2);
        return `${" ".repeat(indent)}- ${compact ? drawn.trimStart() : drawn}`;
      });
      return `${properties}\n${lines.join("\n")}`;
    });
}

function flowCollection(node: fc.Arbitrary<Drawn>): fc.Arbitrary<Drawn> {
  const entry = fc.record({
    key: fc.constantFrom("", "", "a", "b", "'c'", "1", "<<", "*z", "? d"),
    colon: fc.constantFrom(": ", ":", ":\n "),
    value: node,
  });
  const shape = fc.record({
    properties: props(),
    brackets: fc.constantFrom("[]", "{}"),
    comma: fc.constantFrom(",", ", ", ",\n", ",\n  "),
    last: fc.constantFrom("", "", ",", "\n", " # c\n"),
  });
  return fc
    .tuple(shape, fc.array(entry, { maxLength: 4 }))
    .map(([{ properties, brackets, comma, last }, entries]) => (indent) => {
      const drawn = entries.map(({ key, colon, value }) => (key === "" ? "" : key + colon) + value(indent));
      return properties + brackets[0] + drawn.join(comma) + last + brackets[1];
    });
}

function props(): fc.Arbitrary<string> {
  return fc.constantFrom("", "", "", "", "", "", "&z ", "&y ", "!!map ", "!t ", "!!seq ");
}

function numbers(): fc.Arbitrary<string> {
  const tag = fc.constantFrom("", "", "", "!!int ", "!!float ", "!!bool ", "!!timestamp ", "!!null ");
  const prefix = fc.constantFrom("", "", "0x", "0b", "0o", "-0b", "2001-", "1e", ".");
  const digits = fc.string({
    unit: fc.constantFrom(..."0123456789+-._e00112233__eExXoObBaAfFyYnNtTz: ~".split("")),
    maxLength: 20,
  });
  const role = fc.constantFrom("", "", ": 1");
  return fc.tuple(tag, prefix, digits, role).map((pieces) => pieces.join(""));
}

/** Something odd where go-yaml's reader fetches its next 512 bytes. */
function afterPortions(): fc.Arbitrary<string> {
  const lines = fc.integer({ min: 95, max: 106 });
  return fc
    .tuple(soup(4), lines, soup(8), lines, soup(8))
    .map(([first, before, odd, after, last]) =>
      [first, "a: 1\n".repeat(before), odd, "k: v\n".repeat(after), last].join(""),
    );
}
