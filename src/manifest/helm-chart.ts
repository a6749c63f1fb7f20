// An umbrella chart's folder as Helm loads it (helm/helm pkg/chart/v2/loader), with every dependency knowing which pairs
// of which file it is made of. Helm decodes requirements.yaml onto what Chart.yaml gave, index by index.

import { fail, ok, type Problem, type Result } from "../model/problem.ts";
import type { Dependency, Files, Umbrella } from "../model/umbrella.ts";
import { parseVersion } from "../versions/version.ts";
import { type Field, fieldsOf, type Plain, plainOf, structField } from "./go-map.ts";
import { goText } from "./go-scalar.ts";
import { metadataFaults, textOf } from "./helm-metadata.ts";
import { readTree } from "./read-tree.ts";
import { dereference, lineAt, type Mapping, type Tree } from "./yaml-tree.ts";

export type ManifestFile = Umbrella["manifest"];

/** One item of a `dependencies` list. */
export interface Layer {
  readonly file: ManifestFile;
  readonly tree: Tree;
  readonly mapping: Mapping;
}

export interface SourcedField extends Field {
  readonly layer: Layer;
}

/** A dependency and the items it is made of: where both files have an item at its index, the later one is laid over. */
export interface Entry {
  readonly dependency: Dependency;
  readonly layers: readonly [Layer, ...Layer[]];
  /** Where Helm takes its version from. */
  readonly version?: SourcedField;
}

export interface HelmChart {
  readonly apiVersion: Umbrella["apiVersion"];
  readonly name: string;
  readonly version: string;
  readonly manifest: ManifestFile;
  readonly entries: readonly Entry[];
  /** Whether Helm holds a list at all: the digest of "no list" is not that of an empty one. */
  readonly listed: boolean;
  readonly trees: ReadonlyMap<ManifestFile, Tree>;
}

/**
 * Loads the folder, or tells everything for which Helm refuses it. A requirements.yaml without its Chart.yaml is read as
 * that of an apiVersion v1 chart: what stands in Chart.yaml makes no difference to it.
 */
export function readChart(files: Files): Result<HelmChart> {
  if (!files.has("Chart.yaml") && !files.has("requirements.yaml")) return fail(missingChart());
  const trees = readTrees(files);
  if (!trees.ok) return trees;
  const faults = [...trees.value.values()].flatMap(shapeProblems);
  if (faults.length > 0) return { ok: false, problems: faults };
  const layers = layersOf(trees.value);
  const holes = layers.items.flatMap((item, index) => (item === null ? [hole(layers.file, index)] : []));
  if (holes.length > 0) return { ok: false, problems: holes };
  const chart = assemble(trees.value, layers);
  const problems = chartProblems(chart);
  return problems.length > 0 ? { ok: false, problems } : ok(chart);
}

function readTrees(files: Files): Result<ReadonlyMap<ManifestFile, Tree>> {
  const trees = new Map<ManifestFile, Tree>();
  for (const file of ["Chart.yaml", "requirements.yaml"] as const) {
    const text = files.get(file);
    if (text === undefined) continue;
    const tree = readTree(file, text);
    if (!tree.ok) return tree;
    trees.set(file, tree.value);
  }
  return ok(trees);
}

interface Layers {
  readonly file: ManifestFile;
  readonly items: readonly (readonly Layer[] | null)[];
  readonly listed: boolean;
}

/**
 * Go decodes a list onto the slice that is there: an item fills the struct at its index, a null item empties it, the rest
 * is cut off, and a null list starts anew.
 */
function layersOf(trees: ReadonlyMap<ManifestFile, Tree>): Layers {
  const slots: (Layer[] | null)[] = [];
  let layers: Layers = { file: "Chart.yaml", items: [], listed: false };
  for (const [file, tree] of trees) {
    for (const field of listFields(tree)) {
      const list = dereference(field.value);
      if (list.kind !== "sequence") slots.length = 0;
      const items = list.kind === "sequence" ? list.items : [];
      items.forEach((item, index) => {
        const mapping = dereference(item);
        slots[index] = mapping.kind === "mapping" ? [...(slots[index] ?? []), { file, tree, mapping }] : null;
      });
      layers = { file, items: slots.slice(0, items.length), listed: list.kind === "sequence" };
    }
  }
  return layers;
}

/** `dependencies` in whatever case, in the order Go visits them. */
function listFields(tree: Tree): readonly Field[] {
  const root = tree.root === undefined ? undefined : dereference(tree.root);
  if (root?.kind !== "mapping") return [];
  return [...fieldsOf(root).values()]
    .filter(({ key }) => key.toLowerCase() === "dependencies")
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

function assemble(trees: ReadonlyMap<ManifestFile, Tree>, layers: Layers): HelmChart {
  const entries = layers.items.flatMap((item) => {
    const [first, ...others] = item ?? [];
    return first === undefined ? [] : [readEntry([first, ...others])];
  });
  return {
    apiVersion: ["", "v1"].includes(metadataText(trees, "apiVersion")) ? "v1" : "v2",
    name: metadataText(trees, "name"),
    version: metadataText(trees, "version"),
    manifest: layers.file,
    entries,
    listed: layers.listed,
    trees,
  };
}

/** Where the entry's version stands, or the entry itself without one. */
export function placeOf({ version, layers }: Entry): { readonly file: string; readonly line: number } {
  const layer = version?.layer ?? layers[0];
  return { file: layer.file, line: lineAt(layer.tree.text, version?.value.start ?? layer.mapping.start) };
}

function metadataText(trees: ReadonlyMap<ManifestFile, Tree>, name: string): string {
  return textOf(metadataField(trees, name)?.value);
}

/** A field of the metadata; requirements.yaml, decoded last, may set any of them. */
export function metadataField(trees: ReadonlyMap<ManifestFile, Tree>, name: string): Field | undefined {
  const fields = [...trees.values()].flatMap(({ root }) => {
    const mapping = root === undefined ? undefined : dereference(root);
    const field = mapping?.kind === "mapping" ? structField(mapping, name) : undefined;
    return field === undefined ? [] : [field];
  });
  return fields.findLast(({ value }) => plainOf(value) !== null);
}

function readEntry(layers: Entry["layers"]): Entry {
  const version = sourcedField(layers, "version");
  const text = (name: string) => textOf(sourcedField(layers, name)?.value);
  const printable = (name: string) => sanitize(text(name));
  const list = (name: string) => listOf(sourcedField(layers, name));
  const [alias, condition, tags, imports] = [
    text("alias"),
    printable("condition"),
    list("tags"),
    list("import-values"),
  ];
  const enabled = sourcedField(layers, "enabled");
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

function sourcedField(layers: Entry["layers"], name: string): SourcedField | undefined {
  const fields = layers.flatMap((layer) => {
    const field = structField(layer.mapping, name);
    return field === undefined ? [] : [{ ...field, layer }];
  });
  return fields.findLast(({ value }) => plainOf(value) !== null) ?? fields.at(-1);
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
  return Array.from(text)
    .filter((character) => /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(character) || isSpace(character))
    .map((character) => (isSpace(character) ? " " : character))
    .join("");
}

/** Go's unicode.IsSpace, which does not count the byte order mark. */
function isSpace(character: string): boolean {
  return character !== "\ufeff" && /[\s\u0085]/u.test(character);
}

function chartProblems(chart: HelmChart): readonly Problem[] {
  return [...metadataProblems(chart), ...chart.entries.flatMap(aliasProblem), ...nameProblems(chart.entries)];
}

function metadataProblems({ name, version, trees }: HelmChart): readonly Problem[] {
  if (!trees.has("Chart.yaml")) return [];
  const type = metadataText(trees, "type");
  const refuse = (message: string): Problem => ({
    code: "manifest-invalid",
    message: `Chart.yaml: ${message}.`,
    help: "Correct Chart.yaml: Helm refuses to load this chart.",
    place: { file: "Chart.yaml" },
  });
  return [
    ...(name === "" ? [refuse("the chart has no name")] : []),
    ...(/[/\\]/.test(name) || name === "." || name === ".."
      ? [refuse(`"${name}" is no name for a chart`)]
      : []),
    ...(version === "" ? [refuse("the chart has no version")] : []),
    ...(["", "application", "library"].includes(type)
      ? []
      : [refuse(`the chart's type "${type}" is neither application nor library`)]),
    ...(version !== "" && parseVersion(version) === undefined
      ? [refuse(`the chart's own version "${version}" is not a semantic version`)]
      : []),
  ];
}

function aliasProblem({ dependency, layers }: Entry): readonly Problem[] {
  const { name, alias } = dependency;
  if (alias === undefined || /^[a-zA-Z0-9_-]+$/.test(alias)) return [];
  return [
    entryProblem(
      layers,
      `dependency "${name}" has the alias "${alias}", in which Helm allows only letters, digits, - and _`,
    ),
  ];
}

function nameProblems(entries: readonly Entry[]): readonly Problem[] {
  const names = entries.map(({ dependency }) => dependency.alias ?? dependency.name);
  return entries.flatMap(({ layers }, index) => {
    const name = names[index] ?? "";
    return names.indexOf(name) === index
      ? []
      : [entryProblem(layers, `more than one dependency with name or alias "${name}"`)];
  });
}

function entryProblem(layers: Entry["layers"], message: string): Problem {
  const { file, tree, mapping } = layers.at(-1) ?? layers[0];
  return {
    code: "manifest-invalid",
    message: `${file}: ${message}.`,
    help: `Correct ${file}: Helm refuses to load this chart.`,
    place: { file, line: lineAt(tree.text, mapping.start) },
  };
}

function shapeProblems(tree: Tree): readonly Problem[] {
  if (tree.root === undefined) return [];
  return metadataFaults(tree.root).map(({ at, field, wanted }) => ({
    code: "manifest-invalid",
    message: `${tree.file}: ${field} must be ${wanted}.`,
    help: `Correct ${tree.file}: Helm refuses to load this chart.`,
    place: { file: tree.file, line: lineAt(tree.text, at) },
  }));
}

function hole(file: ManifestFile, index: number): Problem {
  return {
    code: "manifest-invalid",
    message: `${file}: dependencies[${index}] is empty.`,
    help: "Remove the empty item: Helm refuses to load this chart.",
    place: { file },
  };
}

function missingChart(): Problem {
  return {
    code: "manifest-missing",
    message: "There is neither a Chart.yaml nor a requirements.yaml in the umbrella chart's folder.",
    help: "Name the folder that holds the umbrella chart's Chart.yaml.",
    place: { file: "Chart.yaml" },
  };
}
