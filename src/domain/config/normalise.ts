// WrittenConfig config -> Config: no optionals, every default filled in.

import type {
  ChartRule,
  Cluster,
  Config,
  DeploymentWindows,
  Environment,
  EnvironmentName,
  TimeWindow,
} from "../model/config/config.ts";
import { parseDuration } from "../model/config/duration.ts";
import type { DriftPolicy } from "../model/drift.ts";
import { DEFAULT_VALUES_FILES } from "../model/umbrella.ts";
import { leavesIn } from "../strvals/unfold-values.ts";
import type { WrittenConfig, WrittenEnvironment } from "./schema.ts";

export function normalise(written: WrittenConfig, defaultBranch: string): Config {
  const environments = Object.entries(written.environments).map(([name, environment]) =>
    normaliseEnvironment(name, environment ?? {}, defaultBranch),
  );
  return { ...(written.dashboardIssue === true && { dashboardIssue: true }), environments };
}

function normaliseEnvironment(name: string, written: WrittenEnvironment, defaultBranch: string): Environment {
  const { after, autoMerge, reviewers = [] } = written;
  return {
    name,
    path: (written.path ?? ".")
      .replace(/^(?:\.\/)+/, "")
      .replace(/(?<!\/)\/+$/, "")
      .replace(/^\.$/, ""),
    branch: written.branch ?? defaultBranch,
    charts: rules(written.charts),
    valuesFiles: written.valuesFiles ?? DEFAULT_VALUES_FILES,
    pullRequests: written.pullRequests ?? "chart",
    umbrellaVersion: written.umbrellaVersion ?? "keep",
    staleLock: written.staleLock ?? "refuse",
    labels: written.labels ?? [],
    reviewers: {
      users: reviewers.filter((name) => !name.startsWith("team:")),
      teams: reviewers.flatMap((name) => (name.startsWith("team:") ? [name.slice("team:".length)] : [])),
    },
    draft: written.draft ?? false,
    autoMerge: autoMerge === undefined || autoMerge === false ? "off" : autoMerge,
    ...(after !== undefined && { after: environmentName(after) }),
    soakMs: parseDuration(written.soak ?? "") ?? 0,
    freeze: written.freeze ?? [],
    ...(written.windows && { windows: windowsOf(written.windows) }),
    deploy: written.deploy ?? [],
    cluster: clusterOf(name, written.cluster),
    ...(written.environmentUrl !== undefined && { environmentUrl: written.environmentUrl }),
    ...(written.drift !== undefined && { drift: driftOf(written.drift) }),
  };
}

function windowsOf({ allow = [], deny = [] }: NonNullable<WrittenEnvironment["windows"]>): DeploymentWindows {
  return { allow: allow.map(timeWindow), deny: deny.map(timeWindow) };
}

function timeWindow({
  timeZone = "UTC",
  ...written
}: Pick<TimeWindow, "cron" | "duration"> & { readonly timeZone?: string | undefined }): TimeWindow {
  return { ...written, durationMs: parseDuration(written.duration) ?? 0, timeZone };
}

function driftOf(written: NonNullable<WrittenEnvironment["drift"]> | null): DriftPolicy {
  const { every = "15m", heal, after = "0s", atMost = 3, ignore = [] } = written ?? {};
  return {
    every,
    everyMs: parseDuration(every) ?? 0,
    heal: heal === "on" || heal === true ? "on" : "off",
    afterMs: parseDuration(after) ?? 0,
    atMost,
    ignore,
  };
}

function clusterOf(name: string, written: WrittenEnvironment["cluster"]): Cluster {
  const { kubeVersion, apiVersions = [], namespace, release } = written ?? {};
  return {
    release: release ?? nameFor(name, 53),
    namespace: namespace ?? nameFor(name.replaceAll(".", "-"), 63),
    ...(kubeVersion !== undefined && { kubeVersion }),
    apiVersions,
  };
}

/** The environment's name, limited to characters that Helm and Kubernetes accept. */
function nameFor(name: string, length: number): string {
  const lower = name.toLowerCase().replace(/[^a-z0-9.-]/g, "-");
  return lower.slice(0, length).replace(/^[.-]+|(?<![.-])[.-]+$/g, "") || "environment";
}

type WrittenRules = Exclude<NonNullable<WrittenEnvironment["charts"]>, readonly string[]>;

function rules(written: WrittenEnvironment["charts"]): readonly ChartRule[] {
  const globs = Array.isArray(written) ? written : ["*"];
  const byGlob: WrittenRules =
    written === undefined || Array.isArray(written)
      ? Object.fromEntries(globs.map((glob) => [glob, {}]))
      : written;
  return Object.entries(byGlob).map(([glob, rule]) => ({
    glob,
    versions: rule?.versions ?? "*",
    updates: rule?.updates ?? "major",
    values: leavesIn(rule?.values ?? {}),
  }));
}

/** `staging`, or `owner/repo#environment` for another repository. */
function environmentName(written: string): EnvironmentName {
  const match = /^([^/#]+)\/([^/#]+)#(.+)$/.exec(written);
  const [, owner, name, environment] = match ?? [];
  if (owner === undefined || name === undefined || environment === undefined) return { environment: written };
  return { repository: { owner, name }, environment };
}
