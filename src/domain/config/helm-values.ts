// The values of a configuration file, read as Helm reads a values file: `no` is false there and `0400` is 256.
// Everything else in the file is YAML 1.2, where `no` is a text.

import { resolvePlain } from "../go-yaml/decode/go-scalar.ts";
import { keyText } from "../go-yaml/decode/mapping-key.ts";
import { readYaml } from "../go-yaml/read-yaml.ts";
import type { YamlFault } from "../go-yaml/yaml-fault.ts";
import { pathText } from "../strvals/path-text.ts";
import { type DocumentPath, readYaml as readDocument } from "./yaml-document.ts";

export type HelmValues =
  | { readonly kind: "read"; readonly value: unknown }
  | { readonly kind: "unreadable"; readonly fault: YamlFault };

/**
 * The file's data with its values as Helm reads them; a fault when it contains values and Helm could not read the file.
 */
export function withHelmValues(value: unknown, text: string): HelmValues {
  const paths = valuesIn(value);
  if (paths.length === 0) return { kind: "read", value };
  const helm = readYaml(text);
  if (!helm.ok) {
    // NaN and infinity are rejected with all other values that are not plain.
    const isNumber = helm.fault.message.startsWith("json: unsupported value");
    return isNumber ? { kind: "read", value } : { kind: "unreadable", fault: helm.fault };
  }
  const read = (parsed: unknown, path: DocumentPath) => asHelmReads(parsed, at(helm.value, path));
  const below = ["environments", "*", "charts", "*", "values"];
  return { kind: "read", value: replaced(value, { above: [], below }, read) };
}

/** One sentence for each value that Helm reads differently than YAML 1.2, in the order of the file. */
export function helmRemarks(text: string, file: string): readonly string[] {
  const [document, helm] = [readDocument(text, file), readYaml(text)];
  if (!document.ok || !helm.ok) return [];
  const { value, lineOf } = document.value;
  return valuesIn(value).flatMap((path) =>
    differing(at(value, path), at(helm.value, path)).map(({ below, what }) => {
      const line = lineOf([...path, ...below]);
      return `line ${line}: ${named(below)} is ${what} to Helm; quote it if it is a text.`;
    }),
  );
}

/** The paths of charts' values. */
function valuesIn(value: unknown): readonly DocumentPath[] {
  return namesIn(value, ["environments"]).flatMap((environment) =>
    namesIn(value, [...environment, "charts"])
      .map((chart) => [...chart, "values"])
      .filter((path) => at(value, path) !== undefined),
  );
}

/** The paths of a map's entries; empty for anything else. */
function namesIn(value: unknown, path: DocumentPath): readonly DocumentPath[] {
  const map = at(value, path);
  return isMap(map) ? Object.keys(map).map((name) => [...path, name]) : [];
}

/** A key that is no text to Helm, such as `on`, is found under the text that Helm makes of it. */
function at(value: unknown, path: DocumentPath): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (typeof step === "number") return Array.isArray(inner) ? inner[step] : undefined;
    if (!isMap(inner)) return undefined;
    if (Object.hasOwn(inner, step)) return inner[step];
    const helms = keyText(resolvePlain(step));
    return helms !== undefined && Object.hasOwn(inner, helms) ? inner[helms] : undefined;
  }, value);
}

/** Keys stay as written: the outermost are paths, and none of them is meant as a boolean. */
function asHelmReads(parsed: unknown, helms: unknown): unknown {
  if (Array.isArray(parsed)) return parsed.map((item, index) => asHelmReads(item, at(helms, [index])));
  if (!isMap(parsed)) return helms === undefined ? parsed : helms;
  return Object.fromEntries(
    Object.entries(parsed).map(([key, inner]) => [key, asHelmReads(inner, at(helms, [key]))]),
  );
}

interface Place {
  /** The keys from the root to here. */
  readonly above: DocumentPath;
  /** The remaining keys; `*` matches every key. */
  readonly below: DocumentPath;
}

/** Replaces everything at this path. */
function replaced(
  value: unknown,
  { above, below: [first, ...rest] }: Place,
  replacement: (found: unknown, path: DocumentPath) => unknown,
): unknown {
  if (first === undefined) return replacement(value, above);
  if (!isMap(value)) return value;
  const inner = (key: string) => ({ above: [...above, key], below: rest });
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) =>
      first === "*" || first === key ? [key, replaced(one, inner(key), replacement)] : [key, one],
    ),
  );
}

/** The outermost key is a path already. */
function named([first, ...rest]: DocumentPath): string {
  if (rest.length === 0) return String(first);
  return `${first}${typeof rest[0] === "number" ? "" : "."}${pathText(rest)}`;
}

interface Differing {
  readonly below: DocumentPath;
  readonly what: string;
}

function differing(parsed: unknown, helms: unknown, below: DocumentPath = []): readonly Differing[] {
  if (Array.isArray(parsed))
    return parsed.flatMap((item, index) => differing(item, at(helms, [index]), [...below, index]));
  if (isMap(parsed))
    return Object.entries(parsed).flatMap(([key, inner]) =>
      differing(inner, at(helms, [key]), [...below, key]),
    );
  return Object.is(parsed, helms) || helms === undefined ? [] : [{ below, what: JSON.stringify(helms) }];
}

function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
