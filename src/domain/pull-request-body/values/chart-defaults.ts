// The default values of a chart: its own over those of its subcharts, merged as Helm does
// (https://helm.sh/docs/chart_template_guide/subcharts_and_globals/).

import type { Archive } from "../../model/chart/archive.ts";
import { valuesKey } from "../../model/umbrella.ts";
import type { Opened } from "../facts.ts";
import { isTree, listAt, type TreePath, textAt, type ValueTree } from "../manifests/tree.ts";
import { readValues } from "./defaults.ts";

export interface ChartDefaults {
  readonly values: ValueTree;
  /** Names of the subcharts, by the path of their values (JSON). */
  readonly subcharts: ReadonlyMap<string, TreePath>;
  /** Paths whose defaults are unknown: of subcharts that are packed, missing, or have values that Helm cannot read. */
  readonly unknown: readonly TreePath[];
}

/** `undefined` when the chart is missing or Helm cannot read its values.yaml. */
export function chartDefaults(opened: Opened): ChartDefaults | undefined {
  return opened.kind === "missing" ? undefined : defaultsIn(opened.archive.files, "", []);
}

type Files = Archive["files"];

const DEEPEST = 6;

function defaultsIn(files: Files, folder: string, at: TreePath): ChartDefaults | undefined {
  const own = read(files, `${folder}values.yaml`);
  if (own === undefined) return undefined;
  let values = own;
  const subcharts = new Map<string, TreePath>();
  const unknown: TreePath[] = [];
  for (const { key, name, path } of at.length < DEEPEST ? subchartsOf(files, folder) : []) {
    const below = path === undefined ? undefined : defaultsIn(files, path, [...at, key]);
    subcharts.set(JSON.stringify([...at, key]), [name]);
    for (const [place, chain] of below?.subcharts ?? []) subcharts.set(place, chain);
    unknown.push(...(below?.unknown ?? [[...at, key]]));
    if (below !== undefined)
      values = { ...values, [key]: laidOver(withoutGlobal(below.values), values[key]) };
  }
  return { values, subcharts, unknown };
}

interface Subchart {
  /** The key that its values are under. */
  readonly key: string;
  readonly name: string;
  /** Its folder with a trailing slash; absent when it is packed or missing. */
  readonly path?: string;
}

/** Each entry of `dependencies`, under its alias if any, and subcharts in `charts/` that are not listed there. */
function subchartsOf(files: Files, folder: string): readonly Subchart[] {
  const held = new Map(foldersIn(files, folder).map(({ name, path }) => [name, path]));
  const documents = [read(files, `${folder}Chart.yaml`), read(files, `${folder}requirements.yaml`)].flatMap(
    (file) =>
      listAt(file, "dependencies").map((entry) => ({
        name: textAt(entry, "name"),
        alias: textAt(entry, "alias"),
      })),
  );
  const named = new Set(documents.map(({ name }) => name));
  const unasked = [...held.keys()].filter((name) => !named.has(name)).map((name) => ({ name, alias: "" }));
  return [...documents, ...unasked]
    .filter(({ name }) => name !== "")
    .map(({ name, alias }) => {
      const path = held.get(name);
      return { key: valuesKey({ alias, name }), name, ...(path !== undefined && { path }) };
    });
}

function foldersIn(
  files: Files,
  folder: string,
): readonly { readonly name: string; readonly path: string }[] {
  return [...files.keys()].flatMap((file) => {
    const rest = file.startsWith(`${folder}charts/`) ? file.slice(folder.length) : "";
    const path = /^charts\/[^/]+\/(?=Chart\.yaml$)/.exec(rest)?.[0];
    const name = path === undefined ? "" : textAt(read(files, file), "name");
    return path === undefined || name === "" ? [] : [{ name, path: folder + path }];
  });
}

const LONGEST = 5_000_000;

function read(files: Files, path: string): ValueTree | undefined {
  const bytes = files.get(path);
  return bytes === undefined ? {} : readValues(new TextDecoder().decode(bytes.subarray(0, LONGEST)));
}

function withoutGlobal({ global: _shared, ...values }: ValueTree): ValueTree {
  return values;
}

/** The parent's values win; `null` removes a key. */
function laidOver(below: unknown, above: unknown): unknown {
  if (above === undefined) return below;
  if (!isTree(below) || !isTree(above)) return above;
  const keys = [...new Set([...Object.keys(below), ...Object.keys(above)])];
  return Object.fromEntries(
    keys.filter((key) => above[key] !== null).map((key) => [key, laidOver(below[key], above[key])]),
  );
}
