// One dependency as Helm reads it, with the YAML pairs of the files that it comes from.

import { goText } from "../../go-yaml/decode/go-float.ts";
import type { Dependency, Umbrella } from "../../model/umbrella.ts";
import { type Field, laidOver, type Plain, plainOf, structFields } from "../yaml/go-map.ts";
import { lineAt, type Mapping, type YamlTree } from "../yaml/yaml-tree.ts";
import { textOf } from "./helm-metadata.ts";

export type ManifestFile = Umbrella["manifest"];

/** One item of a `dependencies` list. */
export interface Layer {
  readonly file: ManifestFile;
  readonly tree: YamlTree;
  readonly mapping: Mapping;
}

export interface SourcedField extends Field {
  readonly layer: Layer;
}

/**
 * A dependency and its items: when both files have an item at its index, Helm decodes the later one onto the earlier.
 */
export interface Entry {
  readonly dependency: Dependency;
  readonly layers: readonly [Layer, ...Layer[]];
  /** The field that Helm takes its version from. */
  readonly version?: SourcedField;
}

/** The place of the entry's version, or of the entry itself when it has none. */
export function placeOf({ version, layers }: Entry): { readonly file: string; readonly line: number } {
  const layer = version?.layer ?? layers[0];
  return { file: layer.file, line: lineAt(layer.tree.text, version?.value.start ?? layer.mapping.start) };
}

export function readEntry(layers: Entry["layers"]): Entry {
  const fields = laidOver(
    layers.flatMap((layer) =>
      [...structFields(layer.mapping).values()].map((field) => ({ ...field, layer })),
    ),
  );
  const version = fields.get("version");
  const text = (name: string) => textOf(fields.get(name)?.value);
  const printable = (name: string) => sanitize(text(name));
  const list = (name: string) => listOf(fields.get(name));
  const [alias, condition, tags, imports] = [
    text("alias"),
    printable("condition"),
    list("tags"),
    list("import-values"),
  ];
  const enabled = fields.get("enabled");
  const dependency: Dependency = {
    name: printable("name"),
    version: printable("version"),
    repository: printable("repository"),
    ...(alias !== "" && { alias }),
    ...(condition !== "" && { condition }),
    ...(tags.length > 0 && { tags: tags.map((tag) => sanitize(plainText(tag))) }),
    ...(enabled !== undefined && plainOf(enabled.value) === true && { enabled: true }),
    ...(imports.length > 0 && { importValues: imports }),
  };
  return { dependency, layers, ...(version !== undefined && { version }) };
}

function listOf(field: Field | undefined): readonly Plain[] {
  const value = field === undefined ? [] : plainOf(field.value);
  return Array.isArray(value) ? value : [];
}

function plainText(value: Plain): string {
  return value === null || typeof value === "object" ? "" : goText(value);
}

/** Helm's sanitizeString: every white space a blank, everything that does not print left out. */
function sanitize(text: string): string {
  if (/^[ -~]*$/.test(text)) return text;
  return Array.from(text)
    .filter((character) => /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(character) || isSpace(character))
    .map((character) => (isSpace(character) ? " " : character))
    .join("");
}

/** Go's unicode.IsSpace, which does not count the byte order mark. */
function isSpace(character: string): boolean {
  return character !== "\ufeff" && /[\s\u0085]/u.test(character);
}
