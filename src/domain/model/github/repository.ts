// A config repository: a GitHub repository with the App installed, and its record.

import type { Config, ConfigContext, Environment } from "../config/config.ts";
import type { Obstacle } from "../obstacle.ts";
import type { Problem } from "../problem.ts";

/** Records are keyed by `id`: owners and names change, ids do not. */
export interface ConfigRepository {
  /** GitHub's numeric repository id. */
  readonly id: number;
  readonly installationId: number;
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch: string;
  readonly archived: boolean;
}

/** `owner/name`, as GitHub, logs and people have it. */
export function nameWithOwner({ owner, name }: Pick<ConfigRepository, "owner" | "name">): string {
  return `${owner}/${name}`;
}

/** One dependency of one environment, with what routing a publish needs. */
export interface Dependent {
  readonly repositoryId: number;
  readonly environment: string;
  /** The dependency's `name`. */
  readonly chart: string;
  /** Key of its values in values files: the alias of the entry, or its name. */
  readonly key: string;
  /** Name in server.yaml of the chart repository that its `repository` text resolves to. */
  readonly chartRepository: string;
  /** The version that the umbrella chart installed at the last read; absent when neither lock nor manifest gives it. */
  readonly version?: string;
}

/**
 * How much is read at every resync. A chart weighs one for each of its environment's `valuesFiles` with `{chart}`, at
 * least `LEAST_WEIGHT`. Environments above the limit, or above what is left of their repository's, are not served.
 */
export const MOST_WEIGHT = { environment: 2_000, repository: 30_000 };
const LEAST_WEIGHT = 2;

/** Weight of this many charts of an environment. */
export function weightOf(charts: number, { valuesFiles }: Pick<Environment, "valuesFiles">): number {
  const files = valuesFiles.filter((file) => file.includes("{chart}")).length;
  return charts * Math.max(LEAST_WEIGHT, files);
}

/** What was read from the config file and the umbrella charts, and how far the repository has been processed. */
export interface RepositoryIndex {
  /** Blob id of the config file that was read; absent when there is none. */
  readonly configOid?: string;
  /** The context that the file was parsed with; absent when there is none. */
  readonly configContext?: ConfigContext;
  /** Version of the program that parsed it: another version may know other keys. */
  readonly readBy?: string;
  /** Absent when there is no config file, or when it is invalid. */
  readonly config?: Config;
  /** Why the config is invalid; empty otherwise. */
  readonly problems: readonly Problem[];
  readonly dependents: readonly Dependent[];
  /**
   * When an invalid config file was first seen (ISO 8601, rounded down to the second): merges since then are not
   * history.
   */
  readonly wrongSince?: string;
  /**
   * There was no valid config, or environments moved to another branch: merges from that time still have to be searched
   * for.
   */
  readonly backfillDue?: boolean;
  /** Branches that environments were on before; merges into them still have to be searched for. */
  readonly movedFrom?: readonly EarlierBranch[] | undefined;
  /** Former names of environments, by their current names. */
  readonly renamedFrom?: Readonly<Record<string, string>> | undefined;
  /** Merges that left an environment without its folder: deployed when the config names another folder. */
  readonly folderless?: readonly Folderless[] | undefined;
  /** The config issue was due to be written, and it is unknown whether it was: its text may be outdated. */
  readonly issueDue?: boolean | undefined;
  /** As listed in the config issue; absent until it was first decided whether it has any. */
  readonly obstacles?: readonly Obstacle[];
  /** Permissions that the App was found to lack, as listed in the config issue. */
  readonly lacking?: readonly NeededPermission[];
  /** The result of onboarding; absent until it was first tried. */
  readonly onboarding?: Onboarding;
  /** Time of the newest merge that a backfill has handled (ISO 8601); absent before the first backfill. */
  readonly mergesSeenUntil?: string;
  /** Time of the newest comment, written or edited, that a resync has seen (ISO 8601); absent before the first. */
  readonly commentsSeenUntil?: string;
  /** Changes of guarded labels before this time were checked (ISO 8601); absent before the first check. */
  readonly labelsSeenUntil?: string;
  /** Head of each environment's branch after the last known push. */
  readonly pushedUntil?: Readonly<Record<string, string>>;
  /**
   * When a full resync is due without an event (ISO 8601): such as at the end of a soak, or at once while nothing was
   * planned with this index.
   */
  readonly requeueAt?: string | undefined;
  /** Pushes that changed an environment without a merged pull request, until a deployment contains them. */
  readonly directPushes?: readonly DirectPush[];
}

export interface EarlierBranch {
  readonly environment: string;
  readonly branch: string;
}

export interface Folderless {
  readonly environment: string;
  /** The folder that is gone, as in the config. */
  readonly path: string;
  /** When the folder went (ISO 8601). */
  readonly since: string;
  /** The last commit that had it; absent when it was noted by an earlier version. */
  readonly before?: string | undefined;
}

export interface Onboarding {
  /** Head of the default branch at the last try. */
  readonly head: string;
  /** The onboarding pull request, whatever its state: there is never a second one. */
  readonly pullRequest?: number;
  /** Since when GitHub has refused to open it, and when to retry (both ISO 8601). */
  readonly refused?: { readonly since: string; readonly until: string };
}

/** Optional permissions of the App, as named in app.yml. */
export type NeededPermission = "checks" | "deployments";

export interface DirectPush {
  readonly environment: string;
  readonly branch: string;
  /** Head of the branch after the push. */
  readonly after: string;
  readonly forced: boolean;
  /** Login; empty when the push had no webhook. */
  readonly pusher: string;
  /** Headlines of the commits, newest first. */
  readonly headlines: readonly string[];
}
