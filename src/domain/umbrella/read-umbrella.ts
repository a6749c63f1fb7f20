// The umbrella chart in a folder, as Helm sees it.

import { ok, type Result } from "../model/problem.ts";
import type { Files, Lock, Umbrella } from "../model/umbrella.ts";
import { readChart } from "./chart/helm-chart.ts";
import { type LockFile, matchDigest, type Requirements, readLocks } from "./lock/lock-file.ts";

/**
 * Reads Chart.yaml, requirements.yaml and the lock the way Helm loads them, or tells every reason for which Helm refuses.
 * `repositories`: URL by the name that `@name` and `alias:name` use. With two locks, the one Helm goes by.
 */
export function readUmbrella(files: Files, repositories: ReadonlyMap<string, string>): Result<Umbrella> {
  const chart = readChart(files);
  if (!chart.ok) return chart;
  const locks = readLocks(files);
  if (!locks.ok) return locks;
  const { apiVersion, name, version, kubeVersion, manifest, entries } = chart.value;
  const dependencies = entries.map(({ dependency }) => dependency);
  const lock = locks.value.at(-1);
  return ok({
    apiVersion,
    name,
    version,
    ...(kubeVersion !== "" && { kubeVersion }),
    manifest,
    dependencies,
    ...(lock !== undefined && { lock: asLock(lock, { apiVersion, dependencies, repositories }) }),
  });
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
