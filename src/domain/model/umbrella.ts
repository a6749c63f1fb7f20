// The umbrella chart: one folder with a Chart.yaml, perhaps a requirements.yaml, a lock and values files.

/** The files of an umbrella chart's folder that say what it depends on, as Helm 2, 3 and 4 have them. */
export const MANIFEST_FILES: readonly string[] = [
  "Chart.yaml",
  "requirements.yaml",
  "requirements.lock",
  "Chart.lock",
];

/** Where values may stand when an environment does not say so. */
export const DEFAULT_VALUES_FILES: readonly string[] = ["values.yaml", "{chart}.yaml", "values/{chart}.yaml"];

/** Names of values files, `{chart}` replaced by each of the keys in turn; each name once, in the order given. */
export function expandValuesFiles(
  valuesFiles: readonly string[],
  keys: readonly string[],
): readonly string[] {
  const names = valuesFiles.flatMap((file) =>
    file.includes("{chart}") ? keys.map((key) => file.replaceAll("{chart}", key)) : [file],
  );
  return [...new Set(names)];
}

/** The texts of an umbrella chart's folder by path below that folder (`requirements.yaml`, `values/xposer.yaml`). */
export type Files = ReadonlyMap<string, string>;

/** One entry of `dependencies`, as Helm reads it: numbers turned to text the way YAML 1.1 and Go do it. */
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

/** The key under which values address an entry: its alias, else its name (helm pkg/chartutil/dependencies.go, getAliasDependency). */
export function valuesKey({ alias, name }: Pick<Dependency, "alias" | "name">): string {
  return alias || name;
}

/** An entry as people are told of it. */
export function entryInWords({ alias, name }: Pick<Dependency, "alias" | "name">): string {
  return alias === undefined ? name : `${name} (alias ${alias})`;
}

export interface LockedDependency {
  readonly name: string;
  readonly version: string;
  readonly repository: string;
}

/** Which Helm's formula a lock digest follows (helm/helm internal/resolver HashReq and HashV2Req, and their elders). */
export type DigestForm = "helm3" | "helm2" | "helm2.5.0" | "helm2.3" | "helm2.2";

export interface Lock {
  readonly file: "requirements.lock" | "Chart.lock";
  /** In the order of the requirements. */
  readonly dependencies: readonly LockedDependency[];
  readonly digest: string;
  /** The formula that reproduces `digest` from the manifest beside it; absent when none does: the lock is out of step. */
  readonly form?: DigestForm;
}

export interface Umbrella {
  readonly apiVersion: "v1" | "v2";
  readonly name: string;
  readonly version: string;
  /** Constraint of the Kubernetes versions that Helm installs it on; absent for any. */
  readonly kubeVersion?: string;
  /** The file whose `dependencies` Helm goes by. */
  readonly manifest: "requirements.yaml" | "Chart.yaml";
  readonly dependencies: readonly Dependency[];
  readonly lock?: Lock;
}

/** A plain value of a values file. Objects keep their key order. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** A place in values: keys, and a number for a position in a list. Never empty. */
export type ValuePath = readonly (string | number)[];

/** A value and where it goes below a chart's own key. */
export type ValueSetting = { readonly path: ValuePath } & (
  | { readonly value: Value }
  /** What a command line gives: its type is that of what stands in its place, else the one `helm --set` sees in it. */
  | { readonly untyped: string | readonly string[] }
);

/** Below the key of one chart: its alias or name. */
export type ValueToSet = ValueSetting & { readonly chart: string };

/** What to change in an umbrella chart. */
export interface Bump {
  /** Which entries move: position in `Umbrella.dependencies` and the exact version each goes to. */
  readonly moves: readonly { readonly index: number; readonly version: string }[];
  /** URL by repository name, for `@name` and `alias:name` (server.yaml `chartRepositories`). */
  readonly repositories: ReadonlyMap<string, string>;
  /** Values to set, in order. */
  readonly values: readonly ValueToSet[];
  /** Where values may stand, `{chart}` standing for the chart's key. */
  readonly valuesFiles: readonly string[];
  /** Paths of the files below `charts/` in the folder (`charts/xposer-1.0.0.tgz`, `charts/local/Chart.yaml`). */
  readonly vendored: readonly string[];
  readonly umbrellaVersion: "keep" | "patch";
  /** What to do with a lock that was out of step with its manifest before the change. */
  readonly staleLock: "refuse" | "repair";
  /** For the lock's `generated`: the instant of the publish, so that planning twice gives the same bytes. */
  readonly at: Date;
}

/** A vendored archive to take out and the one that takes its place; whoever commits fetches and checks the bytes. */
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
