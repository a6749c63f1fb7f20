// An umbrella chart's folder as Helm loads it (helm/helm pkg/chart/v2/loader), with the YAML pairs that each dependency
// comes from. Helm decodes requirements.yaml onto the data of Chart.yaml, index by index.

import { fail, ok, type Problem, type Result } from "../../model/problem.ts";
import type { Files, Umbrella } from "../../model/umbrella.ts";
import { type Field, fieldsOf, isNull, structFields } from "../yaml/go-map.ts";
import { readTree } from "../yaml/read-tree.ts";
import { dereference, lineAt, type YamlTree } from "../yaml/yaml-tree.ts";
import { chartProblems } from "./chart-problems.ts";
import { type Entry, type Layer, type ManifestFile, readEntry } from "./entry.ts";
import { metadataFaults, textOf } from "./helm-metadata.ts";

export interface HelmChart {
  readonly apiVersion: Umbrella["apiVersion"];
  readonly name: string;
  readonly version: string;
  /** Constraint on the Kubernetes version; "" for any. */
  readonly kubeVersion: string;
  readonly manifest: ManifestFile;
  readonly entries: readonly Entry[];
  readonly trees: ReadonlyMap<ManifestFile, YamlTree>;
}

/**
 * Loads the folder, or returns every reason for which Helm rejects it. A requirements.yaml without a Chart.yaml is read
 * as part of an apiVersion v1 chart, where Chart.yaml does not affect it.
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
  const problems = chartProblems({
    ...chart,
    type: metadataText(trees.value, "type"),
    hasChartYaml: trees.value.has("Chart.yaml"),
  });
  return problems.length > 0 ? { ok: false, problems } : ok(chart);
}

function readTrees(files: Files): Result<ReadonlyMap<ManifestFile, YamlTree>> {
  const trees = new Map<ManifestFile, YamlTree>();
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
}

/**
 * Go decodes a list onto the slice that is there: an item fills the struct at its index, a null item empties it, the
 * rest is cut off, and a null list starts anew.
 */
function layersOf(trees: ReadonlyMap<ManifestFile, YamlTree>): Layers {
  const slots: (Layer[] | null)[] = [];
  let layers: Layers = { file: "Chart.yaml", items: [] };
  for (const [file, tree] of trees) {
    for (const field of listFields(tree)) {
      const list = dereference(field.value);
      if (list.kind !== "sequence") slots.length = 0;
      const items = list.kind === "sequence" ? list.items : [];
      items.forEach((item, index) => {
        const mapping = dereference(item);
        slots[index] = mapping.kind === "mapping" ? [...(slots[index] ?? []), { file, tree, mapping }] : null;
      });
      layers = { file, items: slots.slice(0, items.length) };
    }
  }
  return layers;
}

/** `dependencies` keys in any case, in the order in which Go visits them. */
function listFields(tree: YamlTree): readonly Field[] {
  const root = tree.root === undefined ? undefined : dereference(tree.root);
  if (root?.kind !== "mapping") return [];
  return [...fieldsOf(root).values()]
    .filter(({ key }) => key.toLowerCase() === "dependencies")
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

function assemble(trees: ReadonlyMap<ManifestFile, YamlTree>, layers: Layers): HelmChart {
  const entries = layers.items.flatMap((item) => {
    const [first, ...others] = item ?? [];
    return first === undefined ? [] : [readEntry([first, ...others])];
  });
  return {
    apiVersion: ["", "v1"].includes(metadataText(trees, "apiVersion")) ? "v1" : "v2",
    name: metadataText(trees, "name"),
    version: metadataText(trees, "version"),
    kubeVersion: metadataText(trees, "kubeVersion"),
    manifest: layers.file,
    entries,
    trees,
  };
}

function metadataText(trees: ReadonlyMap<ManifestFile, YamlTree>, name: string): string {
  return textOf(metadataField(trees, name)?.value);
}

/** A field of the metadata; requirements.yaml, decoded last, may set any of them. */
export function metadataField(trees: ReadonlyMap<ManifestFile, YamlTree>, name: string): Field | undefined {
  const fields = [...trees.values()].flatMap(({ root }) => {
    const mapping = root === undefined ? undefined : dereference(root);
    const field = mapping?.kind === "mapping" ? structFields(mapping).get(name.toLowerCase()) : undefined;
    return field === undefined ? [] : [field];
  });
  return fields.findLast(({ value }) => !isNull(value));
}

function shapeProblems(tree: YamlTree): readonly Problem[] {
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
