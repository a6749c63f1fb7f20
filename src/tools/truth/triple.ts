// A triple: two versions of a chart, and an environment that uses the old one.

import { cp, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { helm, readYaml } from "./helm.ts";
import { list, type Tree, text } from "./tree.ts";

export interface Triple {
  readonly name: string;
  readonly old: string;
  readonly new: string;
  readonly environment: string;
}

/** Every folder below this one that contains all three. */
export async function triplesIn(folder: string): Promise<readonly Triple[]> {
  const names = (await readdir(folder)).toSorted();
  const all = names.map((name): Triple => {
    const part = (which: string): string => join(folder, name, which);
    return { name, old: part("old"), new: part("new"), environment: part("environment") };
  });
  const whole = await Promise.all(
    all.map((triple) => stat(join(triple.environment, "Chart.yaml")).then(Boolean, () => false)),
  );
  return all.filter((_, index) => whole[index]);
}

/** The content of a triple's files. */
export interface Stated {
  readonly chart: string;
  readonly old: Tree;
  readonly new: Tree;
  /** Keys that the chart's values are under. */
  readonly keys: readonly string[];
  /** Name of the environment, also its release and namespace. */
  readonly environment: string;
  /** The values that the environment sets. */
  readonly values: Tree;
}

export async function readTriple(triple: Triple): Promise<Stated> {
  const files = [
    join(triple.old, "Chart.yaml"),
    join(triple.new, "Chart.yaml"),
    join(triple.environment, "Chart.yaml"),
    join(triple.environment, "values.yaml"),
  ];
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  const [old = {}, now = {}, umbrella = {}, values = {}] = await readYaml(texts);
  const chart = text(old, "name");
  const entries = list(umbrella, "dependencies").filter((entry) => text(entry, "name") === chart);
  const keys = entries.map((entry) => text(entry, "alias") || chart);
  return { chart, old, new: now, keys, environment: basename(triple.environment), values };
}

/**
 * Copies the environment's folder with one version packed into `charts/`: `.helmignore` only applies to packed charts.
 */
export async function placeUmbrella(
  triple: Triple,
  { old, new: now }: Stated,
  { which, to }: { readonly which: "old" | "new"; readonly to: string },
): Promise<void> {
  await cp(triple.environment, to, { recursive: true });
  await mkdir(join(to, "charts"), { recursive: true });
  const packed = await helm(["package", triple[which], "--destination", join(to, "charts")]);
  if (!packed.ok) throw new Error(`${triple[which]} cannot be packed: ${packed.words}`);
  const manifest = await readFile(join(to, "Chart.yaml"), "utf8");
  const [was, is] = [text(old, "version"), text(now, "version")];
  const moved = which === "new" ? manifest.replaceAll(`version: ${was}`, `version: ${is}`) : manifest;
  await writeFile(join(to, "Chart.yaml"), moved);
}
