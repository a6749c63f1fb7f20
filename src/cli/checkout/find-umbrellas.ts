// The umbrella charts of a checkout: the folders whose Chart.yaml or requirements.yaml lists dependencies, as Helm reads
// them. What a chart has below its own `charts/` and `templates/` is part of that chart.

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isEnvironmentPath } from "../../domain/config/environment-path.ts";
import type { Result } from "../../domain/model/problem.ts";
import { readUmbrella } from "../../domain/umbrella/read-umbrella.ts";
import { readFolder } from "./chart-folder.ts";

export interface FoundUmbrellas {
  /** Below the checkout, "" for itself, in the order of their names. */
  readonly folders: readonly string[];
  /** Folders with a manifest that Helm could not load, or that no config can name. */
  readonly leftOut: readonly { readonly folder: string; readonly because: string }[];
}

const MANIFESTS = ["Chart.yaml", "requirements.yaml"];

export async function findUmbrellas(root: string, below = ""): Promise<FoundUmbrellas> {
  const entries = await readdir(join(root, below), { withFileTypes: true });
  const isChart = entries.some(({ name }) => MANIFESTS.includes(name));
  const here = isChart ? judged(below, await hasDependencies(join(root, below))) : NOTHING;
  const skipped = isChart ? [...NEVER, "charts", "templates"] : NEVER;
  const inner = entries.filter((entry) => entry.isDirectory() && !skipped.includes(entry.name));
  const found = [here];
  for (const name of inner.map((entry) => entry.name).sort())
    found.push(await findUmbrellas(root, below === "" ? name : `${below}/${name}`));
  return { folders: found.flatMap((one) => one.folders), leftOut: found.flatMap((one) => one.leftOut) };
}

const NEVER = ["node_modules", ".git"];
const NOTHING: FoundUmbrellas = { folders: [], leftOut: [] };

function judged(folder: string, isUmbrella: Result<boolean>): FoundUmbrellas {
  if (!isUmbrella.ok) return leftOut(folder, isUmbrella.problems[0]?.message ?? "it cannot be read.");
  if (!isUmbrella.value) return NOTHING;
  return isEnvironmentPath(folder)
    ? { folders: [folder], leftOut: [] }
    : leftOut(folder, "no config file can name a path with a backslash.");
}

function leftOut(folder: string, because: string): FoundUmbrellas {
  return { folders: [], leftOut: [{ folder, because }] };
}

async function hasDependencies(folder: string): Promise<Result<boolean>> {
  const read = await readFolder(folder, MANIFESTS);
  if (!read.ok) return read;
  const umbrella = readUmbrella(read.value.files, new Map());
  return umbrella.ok ? { ok: true, value: umbrella.value.dependencies.length > 0 } : umbrella;
}
