// .github/chart-promoter.yml in its normalised form: no optionals, every default filled in.

import type { DriftPolicy } from "../drift.ts";
import type { Value, ValuePath } from "../umbrella.ts";
import type { Deployer, Pause } from "./settings.ts";

export type UpdateStep = "patch" | "minor" | "major";

/** What one glob of `charts:` asks for. */
export interface ChartRule {
  /** Matched against the dependency's name: `*` stands for any run of characters, `?` for one. */
  readonly glob: string;
  /** Helm constraint that the new version must satisfy. */
  readonly versions: string;
  readonly updates: UpdateStep;
  /** Path below the chart's own key, and the value; text may hold {version} {appVersion} {digest} {revision}. */
  readonly values: readonly { readonly path: ValuePath; readonly value: Value }[];
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
  /** What becomes of a promotion whose lock was out of step with its manifest before it. */
  readonly staleLock: "refuse" | "repair";
  readonly labels: readonly string[];
  readonly reviewers: { readonly users: readonly string[]; readonly teams: readonly string[] };
  readonly draft: boolean;
  readonly autoMerge: "off" | "merge" | "squash" | "rebase";
  /** Only versions deployed there may come here. */
  readonly after?: EnvironmentName;
  /** Milliseconds a version must have been deployed there; 0 without `after`. */
  readonly soakMs: number;
  readonly freeze: readonly Freeze[];
  /** Absent: it may be deployed at any time. */
  readonly windows?: DeploymentWindows;
  /** Why the server's operator lets nothing be deployed here; absent while nobody holds it. */
  readonly paused?: string;
  /** Names of deployers in server.yaml, called after a merge. */
  readonly deploy: readonly string[];
  readonly cluster: Cluster;
  /** Where it can be looked at: http or https. */
  readonly environmentUrl?: string;
  /** Absent: nobody watches its cluster. */
  readonly drift?: DriftPolicy;
}

/** What an environment is rendered for. */
export interface Cluster {
  /** Name of the Helm release. */
  readonly release: string;
  readonly namespace: string;
  /** As `helm template --kube-version` takes it; absent: nobody said which Kubernetes the cluster runs. */
  readonly kubeVersion?: string;
  /** API versions that the cluster has besides those of Kubernetes itself: `monitoring.coreos.com/v1`, or with a kind behind. */
  readonly apiVersions: readonly string[];
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

/** When it may be deployed: within one of `allow`, where there is any, and within none of `deny`. */
export interface DeploymentWindows {
  readonly allow: readonly TimeWindow[];
  readonly deny: readonly TimeWindow[];
}

/** A time that comes again and again. */
export interface TimeWindow {
  /** When it begins: minute, hour, day of the month, month, day of the week. */
  readonly cron: string;
  /** As it was written. */
  readonly duration: string;
  readonly durationMs: number;
  /** IANA name. */
  readonly timeZone: string;
}

export interface Config {
  /** Whether one issue of the repository shows what stands where. */
  readonly dashboardIssue?: true;
  readonly environments: readonly Environment[];
}

/** At the root of a repository that others extend. */
export const DEFAULTS_FILE = "chart-promoter-defaults.yml";

/** The defaults that a config file extends, and the repository (`owner/name`) that has them, as the file names it. */
export type Extended = { readonly repository: string } & (
  | { readonly kind: "read"; readonly oid: string; readonly text: string }
  | { readonly kind: "unread"; readonly because: string; readonly help: string }
);

/** What a config file is read with: the same text means something else where any of it is another. */
export interface ConfigContext {
  /** The branch of environments that name none. */
  readonly defaultBranch: string;
  /** Of server.yaml. */
  readonly deployers: readonly Pick<Deployer, "name" | "repositories">[];
  /** Of server.yaml; absent for none. */
  readonly pauses?: readonly Pause[];
  /** Absent where the file extends nothing, or nobody can say what. */
  readonly extended?: Extended;
  /** `owner/name` of the config repository. */
  readonly repository: string;
  /** Path of the file, for naming places in it. */
  readonly file: string;
}

/** One environment of one config repository. */
export interface EnvironmentKey {
  /** GitHub's numeric id. */
  readonly repositoryId: number;
  readonly environment: string;
}
