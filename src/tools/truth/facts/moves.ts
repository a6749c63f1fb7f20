// The versions in both Chart.yaml files, and the dependencies that the charts really contain.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readYaml } from "../helm.ts";
import { list, text, word } from "../tree.ts";
import type { Stated, Triple } from "../triple.ts";
import { type Facts, must } from "./facts.ts";

export async function moveFacts(triple: Triple, stated: Stated): Promise<Facts> {
  const row = (what: string, old: string, now: string): readonly string[] =>
    old === now ? [] : [`moves along: ${what} ${old || "–"} → ${now || "–"}`];
  const [was, is] = [await dependencies(triple.old), await dependencies(triple.new)];
  const names = [...new Set([...was.keys(), ...is.keys()])];
  return must(
    `headline: ${stated.chart} ${String(stated.old["version"])} → ${String(stated.new["version"])} in ${stated.environment}`,
    ...row("App version", word(stated.old["appVersion"]), word(stated.new["appVersion"])),
    ...row("Kubernetes", text(stated.old, "kubeVersion"), text(stated.new, "kubeVersion")),
    ...names.flatMap((name) => row(`Dependency ${name}`, was.get(name) ?? "", is.get(name) ?? "")),
  );
}

async function dependencies(folder: string): Promise<ReadonlyMap<string, string>> {
  const held = await heldIn(folder);
  const read = async (file: string): Promise<string> => readFile(join(folder, file), "utf8").catch(() => "");
  const files = await readYaml([await read("Chart.yaml"), await read("requirements.yaml")]);
  const listed = files.flatMap((file) => list(file, "dependencies"));
  const all = new Map(
    listed.map((entry) => [
      text(entry, "alias") || text(entry, "name"),
      held.get(text(entry, "name")) ?? text(entry, "version"),
    ]),
  );
  const names = new Set(listed.map((entry) => text(entry, "name")));
  for (const [name, version] of held) if (!names.has(name)) all.set(name, version);
  return all;
}

async function heldIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const below = await readdir(join(folder, "charts")).catch(() => []);
  const texts = await Promise.all(
    below.map((name) => readFile(join(folder, "charts", name, "Chart.yaml"), "utf8").catch(() => "")),
  );
  const charts = await readYaml(texts);
  return new Map(
    charts
      .filter((chart) => text(chart, "name") !== "")
      .map((chart) => [text(chart, "name"), String(chart["version"])]),
  );
}
