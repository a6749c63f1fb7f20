// A config repository: a GitHub repository with the App installed, and what is known of it without asking GitHub.

import type { Config } from "./config.ts";
import type { Problem } from "./problem.ts";

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
}

/** What was read from the config file and the umbrella charts, at one head of the default branch. */
export interface RepositoryIndex {
  /** Blob id of the config file that was read; absent when there is none. */
  readonly configOid?: string;
  /** Absent when there is no config file, or when it is invalid. */
  readonly config?: Config;
  /** Why the config is invalid; empty otherwise. */
  readonly problems: readonly Problem[];
  readonly dependents: readonly Dependent[];
  /** The newest merge that was looked at without being told of it (ISO 8601); absent before the first such look. */
  readonly mergesSeenUntil?: string;
  /** Where each environment's branch was left by the last push that is known of. */
  readonly pushedUntil?: Readonly<Record<string, string>>;
  /** Pushes that changed an environment without a merged pull request, until a deployment contains them. */
  readonly directPushes?: readonly DirectPush[];
}

export interface DirectPush {
  readonly environment: string;
  readonly branch: string;
  /** Commit at the head of the branch after the push. */
  readonly after: string;
  readonly forced: boolean;
  /** Login; empty where nobody told of the push. */
  readonly pusher: string;
  /** First lines of the commits' messages, newest first. */
  readonly headlines: readonly string[];
}
