// .github/chart-promoter.yml in its normalised form: no optionals, every default filled in.

import type { DriftPolicy } from "../drift.ts";
import type { Value, ValuePath } from "../umbrella.ts";
import type { Deployer, Pause } from "./settings.ts";

export type UpdateStep = "patch" | "minor" | "major";

/** One rule of `charts:`. */
export interface ChartRule {
  /** Matched against the dependency's name: `*` stands for any run of characters, `?` for one. */
  readonly glob: string;
  /** Helm constraint that the new version must satisfy. */
  readonly versions: string;
  readonly updates: UpdateStep;
  /**
   * Path relative to the chart's own key, and the value; text may contain {version} {appVersion} {digest} {revision}.
   */
  readonly values: readonly { readonly path: ValuePath; readonly value: Value }[];
}

export interface Environment {
  readonly name: string;
  /** Folder of the umbrella chart, "" for the root; never begins or ends with a slash. */
  readonly path: string;
  readonly branch: string;
  /** In the order written; the last matching rule applies (see `ruleFor` in plan/). */
  readonly charts: readonly ChartRule[];
  readonly valuesFiles: readonly string[];
  readonly pullRequests: "chart" | "environment";
  readonly umbrellaVersion: "keep" | "patch";
  /** What to do with a promotion whose lock was out of sync with its manifest before it. */
  readonly staleLock: "refuse" | "repair";
  readonly labels: readonly string[];
  readonly reviewers: { readonly users: readonly string[]; readonly teams: readonly string[] };
  readonly draft: boolean;
  readonly autoMerge: "off" | "merge" | "squash" | "rebase";
  /** Only versions deployed in that environment may be promoted here. */
  readonly after?: EnvironmentName;
  /** Milliseconds a version must have been deployed there; 0 without `after`. */
  readonly soakMs: number;
  readonly freeze: readonly Freeze[];
  /** Absent: deployments are allowed at any time. */
  readonly windows?: DeploymentWindows;
  /** Reason of the operator's pause; absent when not paused. */
  readonly paused?: string;
  /** Names of deployers in server.yaml, called after a merge. */
  readonly deploy: readonly string[];
  readonly cluster: Cluster;
  /** URL of the deployed environment: http or https. */
  readonly environmentUrl?: string;
  /** Absent: drift is not watched. */
  readonly drift?: DriftPolicy;
}

/** The cluster that an environment is rendered for. */
export interface Cluster {
  /** Name of the Helm release. */
  readonly release: string;
  readonly namespace: string;
  /** For `helm template --kube-version`; absent when the config does not name the cluster's Kubernetes version. */
  readonly kubeVersion?: string;
  /**
   * API versions of the cluster besides those of Kubernetes itself: `monitoring.coreos.com/v1`, or with `/KIND`
   * appended.
   */
  readonly apiVersions: readonly string[];
}

/** An environment of this repository or another one. */
export interface EnvironmentName {
  readonly repository?: { readonly owner: string; readonly name: string };
  readonly environment: string;
}

/** From `from` (inclusive) to `to` (exclusive). */
export interface Freeze {
  readonly from: Date;
  readonly to: Date;
  readonly reason: string;
}

/** Deployments are allowed within any of `allow` (if there is one) and outside of all of `deny`. */
export interface DeploymentWindows {
  readonly allow: readonly TimeWindow[];
  readonly deny: readonly TimeWindow[];
}

/** A recurring period. */
export interface TimeWindow {
  /** When it begins: minute, hour, day of the month, month, day of the week. */
  readonly cron: string;
  /** As written in the config. */
  readonly duration: string;
  readonly durationMs: number;
  /** IANA name. */
  readonly timeZone: string;
}

export interface Config {
  /** Whether the repository has a dashboard issue. */
  readonly dashboardIssue?: true;
  readonly environments: readonly Environment[];
}

/** At the root of a repository whose defaults others extend. */
export const DEFAULTS_FILE = "chart-promoter-defaults.yml";

/** The defaults that a config file extends, and their repository (`owner/name`) as named in the file. */
export type Extended = { readonly repository: string } & (
  | { readonly kind: "read"; readonly oid: string; readonly text: string }
  | { readonly kind: "unread"; readonly because: string; readonly help: string }
);

/** The context of parsing a config file: with another context the same text may give another config. */
export interface ConfigContext {
  /** Branch of environments that name none. */
  readonly defaultBranch: string;
  /** Of server.yaml. */
  readonly deployers: readonly Pick<Deployer, "name" | "repositories">[];
  /** Of server.yaml; absent for none. */
  readonly pauses?: readonly Pause[];
  /** Absent when the file extends nothing, or the defaults are unknown. */
  readonly extended?: Extended;
  /** `owner/name` of the config repository. */
  readonly repository: string;
  /** Path of the file, for problems in it. */
  readonly file: string;
}

/** One environment of one config repository. */
export interface EnvironmentKey {
  /** GitHub's numeric id. */
  readonly repositoryId: number;
  readonly environment: string;
}
