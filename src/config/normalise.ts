// Written config -> Config: no optionals, every default filled in.

import type { ChartRule, Config, Environment, EnvironmentName } from "../model/config.ts";
import { parseDuration } from "../model/duration.ts";
import type { Value } from "../model/umbrella.ts";
import type { Written, WrittenEnvironment } from "./schema.ts";

const VALUES_FILES = ["values.yaml", "{chart}.yaml", "values/{chart}.yaml"];

export function normalise(written: Written, defaultBranch: string): Config {
  const environments = Object.entries(written.environments).map(([name, environment]) =>
    normaliseEnvironment(name, environment ?? {}, defaultBranch),
  );
  return { environments };
}

function normaliseEnvironment(name: string, written: WrittenEnvironment, defaultBranch: string): Environment {
  const { after, autoMerge, reviewers = [] } = written;
  return {
    name,
    path: (written.path ?? ".").replace(/^(\.\/)+|\/+$/g, "").replace(/^\.$/, ""),
    branch: written.branch ?? defaultBranch,
    charts: rules(written.charts),
    valuesFiles: written.valuesFiles ?? VALUES_FILES,
    pullRequests: written.pullRequests ?? "chart",
    umbrellaVersion: written.umbrellaVersion ?? "keep",
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
    deploy: written.deploy ?? [],
  };
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
    values: paths(rule?.values ?? {}),
  }));
}

/** Maps are walked to their leaves; a key may be a dotted path, in which `\.` is a dot of the key itself. */
function paths(
  values: { readonly [key: string]: Value },
  above: readonly string[] = [],
): ChartRule["values"] {
  return Object.entries(values).flatMap(([key, value]) => {
    const path = [...above, ...key.split(/(?<!\\)\./).map((part) => part.replaceAll("\\.", "."))];
    return isMap(value) && Object.keys(value).length > 0 ? paths(value, path) : [{ path, value }];
  });
}

function isMap(value: Value): value is { readonly [key: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `staging`, or `owner/repo#environment` for another repository. */
function environmentName(written: string): EnvironmentName {
  const match = /^([^/#]+)\/([^/#]+)#(.+)$/.exec(written);
  const [, owner, name, environment] = match ?? [];
  if (owner === undefined || name === undefined || environment === undefined) return { environment: written };
  return { repository: { owner, name }, environment };
}
