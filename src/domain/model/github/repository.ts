// A config repository: a GitHub repository with the App installed, and what is known of it without asking GitHub.

import type { Config, ConfigContext } from "../config/config.ts";
import type { Obstacle } from "../obstacle.ts";
import type { Problem } from "../problem.ts";

/** Everything is keyed by `id`: owners and names change, ids do not. */
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

/** One dependency of one environment, as far as routing a publish needs it. */
export interface Dependent {
  readonly repositoryId: number;
  readonly environment: string;
  /** The dependency's `name`. */
  readonly chart: string;
  /** Where its values stand in values files: the alias of the entry, or its name. */
  readonly key: string;
  /** Name in server.yaml of the chart repository that its `repository` text means. */
  readonly chartRepository: string;
  /** What the umbrella chart installed when it was read last; absent where neither lock nor manifest says. */
  readonly version?: string;
}

/** Of one repository, which is as much as is read at every look at it; environments with more than are left are not served. */
export const MOST_DEPENDENTS = 15_000;

/** What was read from the config file and the umbrella charts, at one head of the default branch. */
export interface RepositoryIndex {
  /** Blob id of the config file that was read; absent when there is none. */
  readonly configOid?: string;
  /** What that file was read with; absent when there is none. */
  readonly configContext?: ConfigContext;
  /** Version of the program that read it: another one may know other keys. */
  readonly readBy?: string;
  /** Absent when there is no config file, or when it is invalid. */
  readonly config?: Config;
  /** Why the config is invalid; empty otherwise. */
  readonly problems: readonly Problem[];
  readonly dependents: readonly Dependent[];
  /** When a config file that is wrong was first seen, to the second before (ISO 8601): what was merged since is no history. */
  readonly wrongSince?: string;
  /** There was no config to deploy by, or another one: merges made meanwhile are still to be looked for. */
  readonly backfillDue?: boolean;
  /** Branches that environments were on before; what was merged into these just before is still to be looked for. */
  readonly movedFrom?: readonly EarlierBranch[] | undefined;
  /** The config issue was to be written, and it is not known whether it was: it may tell anything. */
  readonly issueDue?: boolean | undefined;
  /** As the config issue lists them; absent as long as nobody has looked whether it has to. */
  readonly obstacles?: readonly Obstacle[];
  /** Permissions that the App was found to lack, as the config issue lists them. */
  readonly lacking?: readonly NeededPermission[];
  /** What came of offering a first config file; absent where nobody has looked whether to. */
  readonly onboarding?: Onboarding;
  /** The newest merge that a backfill has dealt with (ISO 8601); absent before the first backfill. */
  readonly mergesSeenUntil?: string;
  /** When the newest comment that a sweep has seen was written or edited (ISO 8601); absent before the first sweep. */
  readonly commentsSeenUntil?: string;
  /** Changes of guarded labels before then were looked at (ISO 8601); absent before the first were. */
  readonly labelsSeenUntil?: string;
  /** Where each environment's branch was left by the last push that is known of. */
  readonly pushedUntil?: Readonly<Record<string, string>>;
  /** When everything is to be looked at again by itself (ISO 8601): as at the end of a soak, or at once where nothing is planned by this yet. */
  readonly requeueAt?: string | undefined;
  /** Pushes that changed an environment without a merged pull request, until a deployment contains them. */
  readonly directPushes?: readonly DirectPush[];
}

export interface EarlierBranch {
  readonly environment: string;
  readonly branch: string;
}

export interface Onboarding {
  /** The head of the default branch that was looked at. */
  readonly head: string;
  /** The pull request that offers a config file, whatever became of it: there is never another one. */
  readonly pullRequest?: number;
  /** GitHub let none be opened since then, and is asked again after that (both ISO 8601). */
  readonly refused?: { readonly since: string; readonly until: string };
}

/** What an owner gives an App, as app.yml names it. */
export type NeededPermission = "checks" | "deployments";

export interface DirectPush {
  readonly environment: string;
  readonly branch: string;
  /** Commit at the head of the branch after the push. */
  readonly after: string;
  readonly forced: boolean;
  /** Login; empty where no webhook came for the push. */
  readonly pusher: string;
  /** First lines of the commits' messages, newest first. */
  readonly headlines: readonly string[];
}
