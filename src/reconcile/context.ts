// What the reconcilers need from outside. The adapters fit these ports structurally; `src/server` wires them.

import type { Archive, ChartMetadata } from "../domain/model/chart/archive.ts";
import type { ListedVersion } from "../domain/model/chart/listed-version.ts";
import type { Config, Environment } from "../domain/model/config/config.ts";
import type { ChartRepository, Settings } from "../domain/model/config/settings.ts";
import type { Deployment } from "../domain/model/deployment.ts";
import type { Draft } from "../domain/model/draft.ts";
import type { StandingRepeat } from "../domain/model/github/merge.ts";
import type {
  GlanceQuery,
  ManyQuery,
  ObservedState,
  StateQuery,
} from "../domain/model/github/observed-state.ts";
import type { ConfigRepository } from "../domain/model/github/repository.ts";
import type { Problem, Result } from "../domain/model/problem.ts";
import type { CommitRange } from "../domain/pull-request-body/facts.ts";
import type { Decisions } from "./ports/decisions.ts";
import type { Deployers } from "./ports/deployers.ts";
import type { BranchGitHub } from "./ports/github/branch-github.ts";
import type { ChartTools, CheckGitHub, WrittenChecks } from "./ports/github/check-run-github.ts";
import type { CommandGitHub } from "./ports/github/comment-github.ts";
import type { HookGitHub, WebhookLog } from "./ports/github/hook-github.ts";
import type {
  BranchInspection,
  NotSet,
  PullRequestName,
  PullRequests,
} from "./ports/github/pull-requests.ts";
import type { DeploymentStatus, IssueText, OwnIssue } from "./ports/github/texts-on-github.ts";
import type { Notifier } from "./ports/notifier.ts";
import type { Store } from "./ports/store/store.ts";
import type { Tracing } from "./ports/tracing.ts";

export interface Deps {
  readonly settings: Settings;
  readonly store: Store;
  readonly charts: ChartRepositories;
  readonly github: GitHubPort;
  readonly deployers: Deployers;
  readonly notifier: Notifier;
  readonly inspection: ChartTools;
  readonly decisions: Decisions;
  readonly writtenChecks: WrittenChecks;
  /** False once outsiders have used up the repository's share of work (stranger-rate-limiter.ts). */
  readonly strangerRateLimiter: { take(repositoryId: number, now: Date): boolean };
  /** When a publish whose chart is not there yet is looked up again: look-ups for one publisher are spaced out. */
  readonly retrySlots: { next(publisher: string, notBefore: Date): Date };
  /** Observed states read in bulk for repositories that were not reconciled yet. */
  readonly firstReads: {
    add(repositoryId: number, read: { readonly at: Date; readonly answers: readonly ObservedState[] }): void;
    take(repositoryId: number, now: Date): readonly ObservedState[];
  };
  readonly webhooks: WebhookLog;
  readonly tracing: Tracing;
  readonly clock: () => Date;
  /** Start of this process: webhooks sent before it cannot have reached it. */
  readonly startedAt: Date;
  readonly log: Log;
}

/** One config repository with its current config. */
export interface RepositoryContext {
  readonly repository: ConfigRepository;
  readonly config: Config;
  readonly deps: Deps;
}

/** One of its environments. */
export interface EnvironmentContext {
  readonly repository: ConfigRepository;
  readonly environment: Environment;
  readonly deps: Deps;
}

export interface Log {
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
  error(about: object, message: string): void;
}

export type ChartLookup =
  | {
      readonly kind: "found";
      readonly digest?: string;
      /** Digest of the manifest, in an OCI registry. */
      readonly manifestDigest?: string;
      readonly metadata: ChartMetadata;
    }
  | { readonly kind: "missing"; readonly requested: string }
  | ({ readonly kind: "unreachable" } & ChartTrouble);

/** A chart repository gave no healthy answer, which proves nothing about the chart. */
export interface ChartTrouble {
  readonly problem: Problem;
  /** `denied`: it answers, and refuses access (401, 403). */
  readonly why?: "denied" | "trouble";
  /** The wait that it asked for (Retry-After), in milliseconds. */
  readonly retryAfterMs?: number;
  /** The whole server is in trouble, so other charts need not be tried. */
  readonly isWholeServer?: boolean;
}

export interface ChartRepositories {
  /** May be answered from a cache some seconds old, unless that is older than `since` or shows another digest. */
  lookUp(repository: ChartRepository, wanted: ChartRef & { readonly since?: Date }): Promise<ChartLookup>;
  /**
   * The same for several versions of one chart, in the order given and in as few requests as this kind of repository
   * allows. May answer for fewer than all, but at least for the first.
   */
  lookUpAll(
    repository: ChartRepository,
    wanted: readonly (ChartRef & { readonly since?: Date })[],
  ): Promise<readonly ChartLookup[]>;
  /**
   * At least the versions above `from` up to `to` (and, for an index, all of the same precedence), with their metadata;
   * `incomplete`: why the list is incomplete.
   */
  released(
    repository: ChartRepository,
    range: { readonly chart: string; readonly from: string; readonly to: string },
  ): Promise<{ readonly versions: readonly ReleasedChart[]; readonly incomplete?: string }>;
  /**
   * `previous`: validator (ETag) of the last listing. `chart`: the one to list in an OCI registry, which has no
   * catalogue; other repositories list all charts. `known`: versions of that chart whose manifest digest is wanted.
   */
  listVersions(
    repository: ChartRepository,
    listed: {
      readonly previous?: string | undefined;
      readonly chart?: string;
      readonly known?: readonly string[];
    },
  ): Promise<VersionListing>;
  /** The packed bytes, checked against the digest when one is known. */
  fetchArchive(
    repository: ChartRepository,
    chart: ChartRef,
  ): Promise<Result<{ readonly packed: Uint8Array }>>;
  /**
   * `flow`: whose chart it is, as text. Archives of one flow are opened one after the other, so that one owner cannot
   * block the others.
   */
  openArchive(bytes: Uint8Array, flow: string): Promise<Result<Archive>>;
}

/** One version of a chart, as its repository lists it. */
export interface ReleasedChart {
  readonly metadata: ChartMetadata;
  readonly digest?: string;
  readonly created?: Date;
}

export type VersionListing =
  | {
      readonly kind: "changed";
      readonly versions: Iterable<readonly [chart: string, versions: readonly ListedVersion[]]>;
      /** Entries that are left out because their layout cannot be fetched. */
      readonly unsupported?: readonly { readonly chart: string; readonly because: string }[];
      readonly validator: string;
    }
  | { readonly kind: "same" }
  | ({ readonly kind: "failed" } & ChartTrouble);

export interface ChartRef {
  readonly chart: string;
  readonly version: string;
  readonly digest?: string;
}

/**
 * All requests to GitHub. Nothing is sent twice: a throw means that the outcome is unknown, or that the request has to
 * wait.
 */
export interface GitHubPort extends HookGitHub {
  /** One repository, with the token of the App's installation there. */
  in(repository: ConfigRepository): RepositoryGitHub;
  /** Repositories that the installation covers; `undefined` when it is suspended or deleted. */
  installed(installationId: number): Promise<readonly ConfigRepository[] | undefined>;
  /** Drops the cached token: the next requests use one with the installation's current permissions. */
  renewToken(installationId: number): Promise<void>;
  installations(): Promise<readonly number[]>;
  /** Queries over many repositories of one installation. */
  within(installationId: number): ManyGitHub;
}

/**
 * One request each. Answers are by repository id, and only for repositories that GitHub shows and whose answer is
 * complete.
 */
export interface ManyGitHub {
  statesOfMany(queries: readonly ManyQuery[]): Promise<ReadonlyMap<number, ObservedState>>;
  /** A fingerprint of each repository's state: it changes whenever a full resync would find something new. */
  glanceAtMany(queries: readonly GlanceQuery[]): Promise<ReadonlyMap<number, string>>;
}

export interface RepositoryGitHub extends BranchGitHub, BranchInspection, CheckGitHub, CommandGitHub {
  /** `undefined` when the App cannot see the repository any more. */
  fetchRepositoryState(query: StateQuery): Promise<ObservedState | undefined>;
  pullRequests(answer: ObservedState): PullRequests;
  /**
   * Labels, reviewers, auto-merge: only called when the environment asks for any. Problems: what GitHub refused or does
   * not know.
   */
  decoratePullRequest(
    answer: ObservedState,
    about: {
      readonly wanted: Pick<Draft, "labels" | "reviewers" | "autoMerge">;
      readonly pullRequest: PullRequestName;
    },
  ): Promise<readonly NotSet[]>;
  /**
   * Returns GitHub's id of the new deployment. Sent once: after a lost answer, prove the merge again and search for the
   * deployment.
   */
  createDeployment(deployment: Deployment): Promise<number>;
  /** False when GitHub shows no such deployment. */
  setDeploymentStatus(deploymentId: number, status: DeploymentStatus): Promise<boolean>;
  /** For each commit, those of the other commits that are its ancestors. */
  containment(shas: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  /** Comments on a pull request, unless a comment of the App there already has the marker. */
  ensureComment(number: number, comment: { readonly marker: string; readonly body: string }): Promise<void>;
  /** Replaces the text of the App's comment that has the marker; does nothing when there is none. */
  replaceComment(number: number, comment: { readonly marker: string; readonly body: string }): Promise<void>;
  /**
   * Commits between two revisions of a repository with the App installed; `undefined` when GitHub does not know the
   * revisions.
   */
  compareCommits(revisions: { readonly from: string; readonly to: string }): Promise<CommitRange | undefined>;
  comment(pullRequestId: string, body: string): Promise<void>;
  /** `body`: goes into a comment, or into the pull request's text when the conversation is locked. */
  closePullRequest(pullRequestId: string, body: string): Promise<void>;
  /** Replaces title and body, and deletes the comments with these node ids. */
  updatePullRequestText(
    pullRequestId: string,
    text: { readonly title: string; readonly body: string; readonly untrue: readonly string[] },
  ): Promise<void>;
  /** Bodies of the App's open issues. */
  ownIssues(): Promise<readonly string[]>;
  /**
   * The repeated deployments of these environments, newest first; searches at least the newest hundred of all
   * deployments.
   */
  repeats(environments: readonly string[]): Promise<readonly StandingRepeat[]>;
  /**
   * Opens, updates or closes (`body` absent) the one issue of its kind. Does nothing when the issue is up to date.
   * Answers "stale-read" and closes nothing when the body that was read is not the one written last (`digest`), which may
   * be a stale read.
   */
  upsertIssue(issue: IssueText): Promise<"done" | "stale-read">;
  /** The number of the App's open issue of this kind. */
  findOwnIssue(kind: IssueText["kind"]): Promise<number | undefined>;
  /** `undefined` where there is no issue of this number, or it is not the App's. */
  readOwnIssue(number: number): Promise<OwnIssue | undefined>;
}
