// The read plan: which files and branches are read for each environment in scope.

import type { Config, Environment } from "../../domain/model/config/config.ts";
import type { EnvironmentQuery } from "../../domain/model/github/observed-state.ts";
import type { Dependent } from "../../domain/model/github/repository.ts";
import { MANIFEST_FILES } from "../../domain/model/umbrella.ts";
import { branchOf } from "../../domain/plan/promotion-branch.ts";
import { valuesFilesOf } from "../../domain/umbrella/to-render.ts";
import type { Scope } from "./scope.ts";

/**
 * Files and branches to read for a scope. What the index does not know yet (an alias, a new dependency) is found in the
 * answer and read in the next round.
 */
export function planReads(
  config: Config,
  scope: Scope,
  dependents: readonly Dependent[],
): readonly EnvironmentQuery[] {
  const byEnvironment = Map.groupBy(dependents, ({ environment }) => environment);
  return config.environments.flatMap((environment) => {
    const charts = scope.get(environment.name);
    const here = byEnvironment.get(environment.name) ?? [];
    if (!charts) return [];
    const { name, path, branch, labels, reviewers } = environment;
    const branches = new Set([...charts].map((chart) => branchOf(environment, chart)));
    return [
      {
        name,
        path,
        branch,
        files: filesToRead(environment, valuesKeysOf(name, charts, here)),
        branches: [...branches],
        ...(branches.size > 0 && { names: { labels, users: reviewers.users } }),
      },
    ];
  });
}

/** Keys of these charts in values files. */
export function valuesKeysOf(
  environment: string,
  charts: ReadonlySet<string>,
  dependents: readonly Dependent[],
): readonly string[] {
  const here = dependents.filter(
    (dependent) => dependent.environment === environment && charts.has(dependent.chart),
  );
  return [...new Set(here.map(({ key }) => key))].sort();
}

const ALWAYS = [
  ...MANIFEST_FILES,
  // Helm reads both from the umbrella chart even if the config does not name them.
  ...["values.yaml", "values.schema.json"],
];

/**
 * Paths relative to the environment's folder: manifests, locks, the umbrella's schema, and the values files for these
 * keys.
 */
export function filesToRead(environment: Environment, keys: readonly string[]): readonly string[] {
  return [...new Set([...ALWAYS, ...valuesFilesOf(environment, keys)])];
}
