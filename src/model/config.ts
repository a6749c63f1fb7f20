// .github/chart-promoter.yml in its normalised form: no optionals, every default filled in.

import type { Value } from "./umbrella.ts";

export type UpdateStep = "patch" | "minor" | "major";

/** What one glob of `charts:` asks for. */
export interface ChartRule {
  /** Matched against the dependency's name: `*` stands for any run of characters, `?` for one. */
  readonly glob: string;
  /** Helm constraint that the new version must satisfy. */
  readonly versions: string;
  readonly updates: UpdateStep;
  /** Path below the chart's own key, and the value; text may hold {version} {appVersion} {digest} {revision}. */
  readonly values: readonly { readonly path: readonly string[]; readonly value: Value }[];
}

export interface Environment {
  readonly name: string;
  /** Folder of the umbrella chart, "" for the root; never begins or ends with a slash. */
  readonly path: string;
  readonly branch: string;
  /** In the order written; the last matching rule decides (see `ruleFor` in plan/). */
  readonly charts: readonly ChartRule[];
  readonly valuesFiles: readonly string[];
  readonly pullRequests: "chart" | "environment";
  readonly umbrellaVersion: "keep" | "patch";
  readonly labels: readonly string[];
  readonly reviewers: { readonly users: readonly string[]; readonly teams: readonly string[] };
  readonly draft: boolean;
  readonly autoMerge: "off" | "merge" | "squash" | "rebase";
  /** Only versions deployed there may come here. */
  readonly after?: EnvironmentName;
  /** Milliseconds a version must have been deployed there; 0 without `after`. */
  readonly soakMs: number;
  readonly freeze: readonly Freeze[];
  /** Names of deployers in server.yaml, called after a merge. */
  readonly deploy: readonly string[];
}

/** An environment of this repository, or of another. */
export interface EnvironmentName {
  readonly repository?: { readonly owner: string; readonly name: string };
  readonly environment: string;
}

/** From `from` until just before `to`. */
export interface Freeze {
  readonly from: Date;
  readonly to: Date;
  readonly reason: string;
}

export interface Config {
  readonly environments: readonly Environment[];
}
