// The umbrella chart in a folder, as Helm sees it.

import { ok, type Result, type SourceLocation } from "../model/problem.ts";
import type { Files, Lock, Umbrella } from "../model/umbrella.ts";
import { type HelmChart, readChart } from "./chart/helm-chart.ts";
import { type LockFile, matchDigest, type Requirements, readLocks } from "./lock/lock-file.ts";
import { lineAt } from "./yaml/yaml-tree.ts";

/** With the place of each dependency's version, relative to the folder. */
export interface PlacedUmbrella {
  readonly umbrella: Umbrella;
  readonly places: readonly SourceLocation[];
}

/**
 * Reads Chart.yaml, requirements.yaml and the lock as Helm loads them, or returns every reason for which Helm rejects
 * them. `repositories`: URL by name, for `@name` and `alias:name`. With two locks, uses the effective one.
 */
export function readUmbrella(files: Files, repositories: ReadonlyMap<string, string>): Result<Umbrella> {
  const read = readPlacedUmbrella(files, repositories);
  return read.ok ? ok(read.value.umbrella) : read;
}

export function readPlacedUmbrella(
  files: Files,
  repositories: ReadonlyMap<string, string>,
): Result<PlacedUmbrella> {
  const chart = readChart(files);
  if (!chart.ok) return chart;
  const locks = readLocks(files);
  if (!locks.ok) return locks;
  const { apiVersion, name, version, kubeVersion, manifest, entries } = chart.value;
  const dependencies = entries.map(({ dependency }) => dependency);
  const lock = locks.value.at(-1);
  const umbrella: Umbrella = {
    apiVersion,
    name,
    version,
    ...(kubeVersion !== "" && { kubeVersion }),
    manifest,
    dependencies,
    ...(lock !== undefined && { lock: asLock(lock, { apiVersion, dependencies, repositories }) }),
  };
  return ok({ umbrella, places: entries.map(placeOf) });
}

function placeOf({ version, layers }: HelmChart["entries"][number]): SourceLocation {
  const layer = version?.layer ?? layers[0];
  const start = version?.value.start ?? layer.mapping.start;
  return { file: layer.file, line: lineAt(layer.tree.text, start) };
}

function asLock(lock: LockFile, requirements: Requirements): Lock {
  const match = matchDigest(lock, requirements);
  return {
    file: lock.file,
    dependencies: lock.items.map(({ locked }) => locked),
    digest: lock.digest,
    ...(match !== undefined && { form: match.form }),
  };
}
