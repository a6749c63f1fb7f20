// Parses Helm's error messages: which schema rejects which value, and where a template failed.

import type { SchemaRefusal, SchemaWords } from "../facts.ts";

const SCHEMAS = "values don't meet the specifications of the schema(s) in the following chart(s):";

/** `undefined` when the message is not about schemas. */
export function readSchemaWords(stderr: string): SchemaWords | undefined {
  const start = stderr.indexOf(SCHEMAS);
  if (start < 0) return undefined;
  const blocks = chartBlocks(stderr.slice(start + SCHEMAS.length));
  const untried = blocks.flatMap(({ chart, lines }) => {
    const because = unreachable(lines.join(" "));
    return because === undefined ? [] : [{ chart, because }];
  });
  const others = blocks.filter(({ lines }) => unreachable(lines.join(" ")) === undefined);
  return { refused: others.flatMap(refusals), untried };
}

interface ChartBlock {
  readonly chart: string;
  readonly lines: readonly string[];
}

/** Helm omits the line break between a schema that it could not load and the name of the next chart. */
function chartBlocks(words: string): readonly ChartBlock[] {
  const blocks: { chart: string; lines: string[] }[] = [];
  for (const line of words.split("\n")) {
    const { before, chart } = headOf(line);
    if (before !== "") blocks.at(-1)?.lines.push(before);
    if (chart !== undefined) blocks.push({ chart, lines: [] });
  }
  return blocks;
}

/** It may contain the URL of a schema that could not be loaded. */
const LONGEST_HEAD = 2_000;

function headOf(line: string): { readonly before: string; readonly chart?: string } {
  if (/^\s*- /.test(line) || !line.endsWith(":") || line.length > LONGEST_HEAD) return { before: line };
  const [, before = "", chart] = /^(.*?(?:refused|EOF|value|`))?([A-Za-z0-9._-]+):$/.exec(line) ?? [];
  return chart === undefined ? { before: line } : { before, chart };
}

/** Why a schema could not be loaded: none is ever fetched here, while Helm may do so on deployment. */
function unreachable(words: string): string | undefined {
  const address = /failing loading "([^"]+)"/.exec(words)?.[1];
  if (address === undefined || !/^https?:/.test(address)) return undefined;
  return `it refers to ${address}, and nothing is ever fetched for a schema`;
}

/**
 * The branches of a failed alternative are indented below it: they say more than the alternative itself, so they
 * replace it.
 */
function refusals({ chart, lines }: ChartBlock): readonly SchemaRefusal[] {
  const found = items(lines).map(({ path, message }) => ({ chart, path, message }));
  if (found.length > 0) return found.sort(byPath);
  const words = lines.join(" ").trim();
  return words === "" ? [] : [{ chart, path: [], message: words }];
}

/** Sorted, since Go iterates over a schema's properties in random order. */
function byPath(one: SchemaRefusal, other: SchemaRefusal): number {
  const [a, b] = [one, other].map(({ path, message }) => JSON.stringify([path, message]));
  return (a ?? "") < (b ?? "") ? -1 : 1;
}

interface Item {
  readonly path: readonly string[];
  readonly message: string;
}

function items(lines: readonly string[]): readonly Item[] {
  const found: { path: readonly string[]; message: string }[] = [];
  for (const line of lines) {
    const [, indent, pointer, message] = /^( *)- at '(.*?)': (.*)/s.exec(line) ?? [];
    const last = found.at(-1);
    if (indent === "" && pointer !== undefined && message !== undefined)
      found.push({ path: pathOf(pointer), message });
    else if (GOJSON.test(line)) found.push(...gojsonItem(line));
    else if (last && line.trim() !== "") last.message += `; ${line.trim().replace(/^- /, "")}`;
  }
  return found.flatMap(withNames);
}

const GOJSON = /^- (\S+): (.+)$/;

/** Helm before 3.18.5 used another library: "- replicas: Invalid type. Expected: integer, given: string". */
function gojsonItem(line: string): readonly Item[] {
  const [, field, message] = GOJSON.exec(line) ?? [];
  if (field === undefined || message === undefined) return [];
  return [{ path: field === "(root)" ? [] : field.split("."), message }];
}

/** A JSON pointer whose parts are quoted for a line of text. */
function pathOf(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/**
 * Missing and disallowed properties are reported at the map that contains them: here their name is part of the path.
 */
function withNames({ path, message }: Item): readonly Item[] {
  const [, what, list] =
    /^(missing|additional) propert(?:y|ies) ('.*')(?: not allowed)?$/.exec(message) ?? [];
  if (list === undefined) return [{ path, message }];
  const names = [...list.matchAll(/(?<!\\)'((?:[^'\\]|\\.)*)'/g)].map(([, name = ""]) =>
    name.replace(/\\(.)/g, "$1"),
  );
  return names.map((name) => ({
    path: [...path, name],
    message: what === "missing" ? "is required" : "is not a known key",
  }));
}

/** The value in a template's failing expression. */
export interface TemplateFault {
  /** Charts from the umbrella to the template's, by name or alias: `["prod", "web", "db"]`. */
  readonly charts: readonly string[];
  /** Path relative to the values of the last of them. */
  readonly path: readonly string[];
}

/** Go prints twenty characters of it. */
const EXPRESSION = /at <([^>\n]{0,100})>/g;
const NAMED = /\.Values\.([\w.-]+)/;
const TEMPLATE = /(?<![\w.-])([\w.-]{1,250}(?:\/charts\/[\w.-]{1,250}){0,20})\/templates\/[\w./-]{1,500}:\d/g;

/** Of nested calls the innermost, where the error occurred. `undefined` when Helm names no value. */
export function readTemplateFault(message: string): TemplateFault | undefined {
  const expression = [...message.matchAll(EXPRESSION)].findLast(([, text = ""]) => NAMED.test(text));
  const [, named] = NAMED.exec(expression?.[1] ?? "") ?? [];
  if (expression === undefined || named === undefined) return undefined;
  const template = [...message.slice(0, expression.index).matchAll(TEMPLATE)].at(-1);
  if (template?.[1] === undefined) return undefined;
  return { charts: template[1].split("/charts/"), path: named.split(".") };
}

/** Without what Helm adds for terminals. */
export function helmWords(stderr: string): string {
  return stderr
    .replace(/^Error: /gm, "")
    .trimEnd()
    .replace(/Use --debug flag to render out invalid YAML$/, "")
    .replace(/^(?:level=\S+ msg=.*|walk\.go:.*|WARNING: .*)$/gm, "")
    .trim();
}
