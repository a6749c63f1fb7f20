// What a look reads of each environment in its scope.

import type { Config, Environment } from "../../model/config.ts";
import type { EnvironmentAsked } from "../../model/look.ts";
import type { Dependent } from "../../model/repository.ts";
import { branchOf } from "../../plan/branches.ts";
import type { Scope } from "./scope.ts";

/** Files and branches to read for a scope; what is not known yet (an alias, a new dependency) shows in the answer. */
export function asked(
  config: Config,
  scope: Scope,
  dependents: readonly Dependent[],
): readonly EnvironmentAsked[] {
  return config.environments.flatMap((environment) => {
    const charts = scope.get(environment.name);
    if (!charts) return [];
    const { name, path, branch, labels, reviewers } = environment;
    const branches = new Set([...charts].map((chart) => branchOf(environment, chart)));
    return [
      {
        name,
        path,
        branch,
        files: filesToRead(environment, keysOf(name, charts, dependents)),
        branches: [...branches],
        ...(branches.size > 0 && { names: { labels, users: reviewers.users } }),
      },
    ];
  });
}

/** Where the values of these charts stand in values files. */
export function keysOf(
  environment: string,
  charts: ReadonlySet<string>,
  dependents: readonly Dependent[],
): readonly string[] {
  const here = dependents.filter(
    (dependent) => dependent.environment === environment && charts.has(dependent.chart),
  );
  return [...new Set(here.map(({ key }) => key))].sort();
}

const MANIFESTS = ["Chart.yaml", "requirements.yaml", "requirements.lock", "Chart.lock"];

/** Paths below the environment's folder: manifests, locks, and the values files of these keys. */
export function filesToRead({ valuesFiles }: Environment, keys: readonly string[]): readonly string[] {
  const values = valuesFiles.flatMap((file) =>
    file.includes("{chart}") ? keys.map((key) => file.replaceAll("{chart}", key)) : [file],
  );
  return [...new Set([...MANIFESTS, ...values])];
}
