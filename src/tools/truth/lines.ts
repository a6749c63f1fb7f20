// Line by line comparison: every line shown must be in the manifest of its side, and every value that only one side has
// must be shown.

import { createHash } from "node:crypto";
import { type Change, unversioned } from "./facts/changes.ts";
import type { Difference } from "./text/differences.ts";
import { isTree } from "./tree.ts";

export interface Findings {
  readonly stated: number;
  readonly false: readonly string[];
  readonly missed: readonly string[];
}

export function checkLines(differences: readonly Difference[], changes: readonly Change[]): Findings {
  const all = differences.map((difference) => {
    const change = changes.find(({ kind, title }) => kind === difference.kind && title === difference.title);
    return change ? checkOne(difference, change) : { stated: 0, false: [], missed: [] };
  });
  return {
    stated: all.reduce((sum, { stated }) => sum + stated, 0),
    false: all.flatMap((one) => one.false),
    missed: all.flatMap((one) => one.missed),
  };
}

function checkOne(difference: Difference, { old, now }: Change): Findings {
  const [was, is] = [atomsOf(old?.content), atomsOf(now?.content)];
  const sides = [
    { mark: "-", lines: difference.minus, own: was, other: is, reported: difference.kind === "changed" },
    { mark: "+", lines: difference.plus, own: is, other: was, reported: difference.kind !== "removed" },
  ];
  const findings = sides.map(({ mark, lines, own, other, reported }) => ({
    stated: lines.length,
    false: lines
      .filter((line) => !isIn(line, own))
      .map((line) => `line ${mark} ${difference.title}: ${line.trim()}`),
    missed:
      difference.cut || !reported || lines.some((line) => BEGINNING.test(line))
        ? []
        : unshown(lines, own, other).map((atom) => `line ${mark} ${difference.title}: ${atom}`),
  }));
  return {
    stated: findings.reduce((sum, { stated }) => sum + stated, 0),
    false: findings.flatMap((one) => one.false),
    missed: findings.flatMap((one) => one.missed),
  };
}

/** "key: value", "key:", "value" and the lines of multi-line texts. Of a Secret's data only the keys. */
function atomsOf(content: unknown): ReadonlySet<string> {
  const atoms = new Set<string>();
  const secret = isTree(content) && content["kind"] === "Secret";
  collect(unversioned(content), atoms, secret ? ["data", "stringData"] : []);
  return atoms;
}

function collect(value: unknown, atoms: Set<string>, hidden: readonly string[]): void {
  if (Array.isArray(value)) {
    for (const item of value) {
      if (isPlain(item)) addScalar("", item, atoms);
      collect(item, atoms, []);
    }
  } else if (isTree(value)) {
    for (const [key, child] of Object.entries(value)) {
      if (isPlain(child)) addScalar(`${key}: `, child, atoms);
      else atoms.add(`${key}:`);
      if (hidden.includes(key) && isTree(child)) addHidden(child, atoms);
      else collect(child, atoms, []);
    }
  }
}

function addHidden(data: object, atoms: Set<string>): void {
  for (const name of Object.keys(data)) atoms.add(`${name}: ${HIDDEN}`);
}

const HIDDEN = "••••••";

function isPlain(value: unknown): boolean {
  return typeof value !== "object" || value === null || Object.keys(value).length === 0;
}

/** The text clips a very long value, followed by its length and digest. */
const BEGINNING = /… (\(\d+ characters, sha256:[0-9a-f]{64}\))["']?$/;

const WHICH = /^\(\d+ characters, sha256:[0-9a-f]{64}\)$/;

function addScalar(key: string, value: unknown, atoms: Set<string>): void {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const digest = createHash("sha256").update(text).digest("hex");
  atoms.add(`(${text.length} characters, sha256:${digest})`);
  const lines = text.split("\n");
  if (lines.length === 1) atoms.add(`${key}${text}`.trim());
  else {
    atoms.add(key.trim());
    for (const line of lines) atoms.add(line.trim());
  }
}

/** Possible readings of a line: as it is, without the dash of a list item, and without quotes. */
function formsOf(line: string): readonly string[] {
  const bare = line.trim();
  const item = bare.replace(/^(?:- )+/, "");
  const [, key, value] =
    /^((?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'][^:]*(?::\S[^:]*)*)):(?: (.*))?$/.exec(item) ?? [];
  const pair =
    key === undefined
      ? []
      : [`${unquoted(key)}: ${/^[|>]/.test(value ?? "") ? "" : unquoted(value ?? "")}`.trim()];
  const several = unquoted(value ?? "").includes("\n") ? [unquoted(value ?? "")] : [];
  return [bare, item, unquoted(item), ...pair, ...several].map((form) => form.trim());
}

const ESCAPES: { readonly [code: string]: string } = { n: "\n", t: "\t", r: "\r", _: "\u00a0", N: "\u0085" };

/** The escapes of double-quoted YAML that occur. */
function unescapedOf(_whole: string, code: string): string {
  const number = /^[xu](.+)$/.exec(code)?.[1];
  return number === undefined ? (ESCAPES[code] ?? code) : String.fromCharCode(Number.parseInt(number, 16));
}

function unquoted(text: string): string {
  if (/^"[^"].*…$/.test(text)) return `${unquoted(`${text.replace(/\\?…$/, "")}"`)}…`;
  if (/^".*"$/.test(text)) return text.slice(1, -1).replace(/\\(x..|u....|.)/g, unescapedOf);
  if (/^'.*…$/.test(text)) return text.slice(1).replaceAll("''", "'");
  return /^'.*'$/.test(text) ? text.slice(1, -1).replaceAll("''", "'") : text;
}

function isIn(line: string, atoms: ReadonlySet<string>): boolean {
  if (/^\s*(?:- ?)*(?:[|>][-+]?\d?)?\s*$/.test(line)) return true;
  const whole = BEGINNING.exec(line)?.[1];
  if (whole !== undefined) return atoms.has(whole);
  return formsOf(line).some(
    (form) => hasAtom(form, atoms) || form.split("\n").every((part) => hasAtom(part.trim(), atoms)),
  );
}

function hasAtom(form: string, atoms: ReadonlySet<string>): boolean {
  if (atoms.has(form)) return true;
  if (!/••••••|…/.test(form)) return false;
  const pattern = patternOf(form);
  return [...atoms].some((atom) => pattern.test(atom));
}

/** Hidden or clipped parts match anything. */
function patternOf(form: string): RegExp {
  const parts = form
    .replaceAll(`${HIDDEN} (changed)`, HIDDEN)
    .split(/••••••|…/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[\\s\\S]*")}$`);
}

function unshown(
  lines: readonly string[],
  own: ReadonlySet<string>,
  other: ReadonlySet<string>,
): readonly string[] {
  const shown = new Set(
    lines.flatMap(formsOf).flatMap((form) => [form, ...form.split("\n").map((part) => part.trim())]),
  );
  const hidden = lines
    .filter((line) => /••••••|…/.test(line))
    .flatMap(formsOf)
    .map(patternOf);
  const wanted = [...own].filter((atom) => atom !== "" && !WHICH.test(atom));
  return wanted.filter(
    (atom) => !other.has(atom) && !shown.has(atom) && !hidden.some((pattern) => pattern.test(atom)),
  );
}
