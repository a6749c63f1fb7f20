// The umbrella chart: a folder with a Chart.yaml, perhaps a requirements.yaml, a lock and values files.

/** The files that declare an umbrella chart's dependencies, in Helm 2, 3 and 4. */
export const MANIFEST_FILES: readonly string[] = [
  "Chart.yaml",
  "requirements.yaml",
  "requirements.lock",
  "Chart.lock",
];

/** The files that identify a chart and its dependencies. */
export const CHART_FILES: readonly string[] = ["Chart.yaml", "requirements.yaml"];

/** Values files of an environment whose config names none. */
export const DEFAULT_VALUES_FILES: readonly string[] = ["values.yaml", "{chart}.yaml", "values/{chart}.yaml"];

/** Names of values files, with `{chart}` replaced by each of the keys; without duplicates, in the order given. */
export function expandValuesFiles(
  valuesFiles: readonly string[],
  keys: readonly string[],
): readonly string[] {
  const names = valuesFiles.flatMap((file) =>
    file.includes("{chart}") ? keys.map((key) => file.replaceAll("{chart}", key)) : [file],
  );
  return [...new Set(names)];
}

/** The texts of an umbrella chart's folder by path relative to it (`requirements.yaml`, `values/xposer.yaml`). */
export type Files = ReadonlyMap<string, string>;

/** One entry of `dependencies`, as Helm reads it: numbers become text as in YAML 1.1 and Go. */
export interface Dependency {
  readonly name: string;
  /** The text Helm resolves: a version or a constraint. Empty when the entry has none. */
  readonly version: string;
  /** As written: a URL, `@name`, `alias:name`, `file://…`, `oci://…` or empty. */
  readonly repository: string;
  readonly alias?: string;
  readonly condition?: string;
  readonly tags?: readonly string[];
  readonly enabled?: boolean;
  readonly importValues?: readonly unknown[];
}

/** The key of an entry's values: its alias, else its name (helm pkg/chartutil/dependencies.go, getAliasDependency). */
export function valuesKey({ alias, name }: Pick<Dependency, "alias" | "name">): string {
  return alias || name;
}

/** An entry's name in texts for people. */
export function entryInWords({ alias, name }: Pick<Dependency, "alias" | "name">): string {
  return alias === undefined ? name : `${name} (alias ${alias})`;
}

export interface LockedDependency {
  readonly name: string;
  readonly version: string;
  readonly repository: string;
}

/**
 * The formula of a lock digest, by the Helm version that introduced it (helm/helm internal/resolver HashReq and
 * HashV2Req, and their predecessors).
 */
export type DigestForm = "helm3" | "helm2" | "helm2.5.0" | "helm2.3" | "helm2.2";

export interface Lock {
  readonly file: "requirements.lock" | "Chart.lock";
  /** In the order of the requirements. */
  readonly dependencies: readonly LockedDependency[];
  readonly digest: string;
  /** The formula that reproduces `digest` from the manifest; absent when none does: the lock is out of sync. */
  readonly form?: DigestForm;
}

export interface Umbrella {
  readonly apiVersion: "v1" | "v2";
  readonly name: string;
  readonly version: string;
  /** Constraint on the Kubernetes version; absent for any. */
  readonly kubeVersion?: string;
  /** The file whose `dependencies` are effective in Helm. */
  readonly manifest: "requirements.yaml" | "Chart.yaml";
  readonly dependencies: readonly Dependency[];
  readonly lock?: Lock;
}

/** A plain value of a values file. Objects keep their key order. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** A place in values: keys, and a number for a position in a list. Never empty. */
export type ValuePath = readonly (string | number)[];

/** A value and its path relative to a chart's own key. */
export type ValueSetting = { readonly path: ValuePath } & (
  | { readonly value: Value }
  /**
   * From a command line: it gets the type of the value that it replaces, or else the one that `helm --set` would give
   * it.
   */
  | { readonly untyped: string | readonly string[] }
);

/** Relative to the key of one chart: its alias or name. */
export type ValueToSet = ValueSetting & { readonly chart: string };

/** A requested change of an umbrella chart. */
export interface Bump {
  /** The entries that change: index in `Umbrella.dependencies`, and the exact new version of each. */
  readonly moves: readonly { readonly index: number; readonly version: string }[];
  /** URL by repository name, for `@name` and `alias:name` (server.yaml `chartRepositories`). */
  readonly repositories: ReadonlyMap<string, string>;
  /** Values to set, in order. */
  readonly values: readonly ValueToSet[];
  /** Candidate values files, `{chart}` standing for the chart's key. */
  readonly valuesFiles: readonly string[];
  /** Paths of the files below `charts/` in the folder (`charts/xposer-1.0.0.tgz`, `charts/local/Chart.yaml`). */
  readonly vendored: readonly string[];
  readonly umbrellaVersion: "keep" | "patch";
  /** What to do with a lock that was out of sync with its manifest before the change. */
  readonly staleLock: "refuse" | "repair";
  /** For the lock's `generated`: the time of the publish, so that the same plan gives the same bytes. */
  readonly at: Date;
}

/** A vendored archive to remove and the one that replaces it; whoever commits it fetches and verifies the bytes. */
export interface ArchiveSwap {
  /** Files to remove (`charts/xposer-1.0.0.tgz` and its `.prov`). */
  readonly remove: readonly string[];
  readonly add: {
    readonly path: string;
    readonly name: string;
    readonly version: string;
    readonly repository: string;
  };
}

/** One changed file: whole texts, `null` for a file that is not there. */
export interface Edit {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface Bumped {
  /** In the order manifest, Chart.yaml, lock, values files; empty when nothing has to change. */
  readonly edits: readonly Edit[];
  readonly archives: readonly ArchiveSwap[];
  /** Decisions a reviewer must see ("^1.2.0 admits 1.3.0: only the lock moves"), one sentence each. */
  readonly notes: readonly string[];
}
