// What the flow needs of the world around it. The adapters fit these ports structurally; `src/server` puts them in.

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
  /** Whether what strangers caused in a repository is looked at. */
  readonly strangersShare: { take(repositoryId: number, now: Date): boolean };
  /** When a publish that waits for its chart is asked for again: those of one publisher take turns. */
  readonly retrySlots: { next(publisher: string, notBefore: Date): Date };
  /** What was read of repositories that have not been looked at yet. */
  readonly firstReads: {
    add(repositoryId: number, read: { readonly at: Date; readonly answers: readonly ObservedState[] }): void;
    take(repositoryId: number, now: Date): readonly ObservedState[];
  };
  readonly webhooks: WebhookLog;
  readonly tracing: Tracing;
  readonly clock: () => Date;
  /** Before then nothing could reach this process. */
  readonly startedAt: Date;
  readonly log: Log;
}

/** One config repository, by its config as it is now. */
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
      /** Of the manifest, in a registry. */
      readonly manifestDigest?: string;
      readonly metadata: ChartMetadata;
    }
  | { readonly kind: "missing"; readonly requested: string }
  | ({ readonly kind: "unreachable" } & ChartTrouble);

/** A chart repository gave no healthy answer: nothing can be concluded. */
export interface ChartTrouble {
  readonly problem: Problem;
  /** `denied`: it answers, and does not let us in. */
  readonly why?: "denied" | "trouble";
  /** How long it asked to be left alone. */
  readonly retryAfterMs?: number;
  /** Nothing else can be had from this server now. */
  readonly isWholeServer?: boolean;
}

export interface ChartRepositories {
  /** An answer that was had some seconds before may do, unless it is older than `since` or has another digest. */
  lookUp(repository: ChartRepository, wanted: ChartRef & { readonly since?: Date }): Promise<ChartLookup>;
  /**
   * The same of several versions of one chart, in their order, in as few requests as this kind of repository allows: of as many
   * as can be asked for at once, at least of the first.
   */
  lookUpAll(
    repository: ChartRepository,
    wanted: readonly (ChartRef & { readonly since?: Date })[],
  ): Promise<readonly ChartLookup[]>;
  /** At least the versions above `from` up to `to` (and, of an index, all of its rank), with what each says of itself; `unread`: why that is not all. */
  released(
    repository: ChartRepository,
    range: { readonly chart: string; readonly from: string; readonly to: string },
  ): Promise<{ readonly versions: readonly ReleasedChart[]; readonly unread?: string }>;
  /**
   * `previous`: the validator of the last listing. `chart`: the one to list in an OCI registry, which cannot say which charts
   * it has; any other repository lists all. `known`: versions of that chart of which the manifest's digest is wanted.
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
  /** `flow`: whose chart it is, as text; those of one flow are opened in turn, so that nobody else waits for them. */
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
      /** Entries that are left out, because no chart can be had by them. */
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

/** Everything asked of GitHub. Nothing is sent twice; a throw means that the outcome is unknown or has to wait. */
export interface GitHubPort extends HookGitHub {
  /** One repository, as the App's installation there reaches it. */
  in(repository: ConfigRepository): RepositoryGitHub;
  /** Repositories the installation covers; `undefined` when the installation is suspended or gone. */
  installed(installationId: number): Promise<readonly ConfigRepository[] | undefined>;
  /** Has the next requests made with the permissions that the installation has by then. */
  renewToken(installationId: number): Promise<void>;
  installations(): Promise<readonly number[]>;
  /** Many repositories that one installation covers. */
  within(installationId: number): ManyGitHub;
}

/** One request each; answered by id, as far as GitHub shows a repository and the answer holds all that was asked for. */
export interface ManyGitHub {
  statesOfMany(queries: readonly ManyQuery[]): Promise<ReadonlyMap<number, ObservedState>>;
  /** What each is like from outside, as text: another one after anything that a full resync would find. */
  glanceAtMany(queries: readonly GlanceQuery[]): Promise<ReadonlyMap<number, string>>;
}

export interface RepositoryGitHub extends BranchGitHub, BranchInspection, CheckGitHub, CommandGitHub {
  /** `undefined` when the App does not see the repository any more. */
  fetchRepositoryState(query: StateQuery): Promise<ObservedState | undefined>;
  pullRequests(answer: ObservedState): PullRequests;
  /** Labels, reviewers, auto-merge: only called when the environment asks for any. Problems are what GitHub does not know or allow. */
  decoratePullRequest(
    answer: ObservedState,
    about: {
      readonly wanted: Pick<Draft, "labels" | "reviewers" | "autoMerge">;
      readonly pullRequest: PullRequestName;
    },
  ): Promise<readonly NotSet[]>;
  /** GitHub's id of the new deployment. Sent once: after a lost answer, prove the merge again and search for the deployment. */
  createDeployment(deployment: Deployment): Promise<number>;
  /** False where GitHub shows no such deployment. */
  setDeploymentStatus(deploymentId: number, status: DeploymentStatus): Promise<boolean>;
  /** For each commit, those of the others that can be reached from it. */
  containment(shas: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  /** Comments on a pull request, unless a comment of the App there holds the marker. */
  ensureComment(number: number, comment: { readonly marker: string; readonly body: string }): Promise<void>;
  /** Gives the App's comment that holds the marker another text; does nothing where there is none. */
  replaceComment(number: number, comment: { readonly marker: string; readonly body: string }): Promise<void>;
  /** Commits between two revisions of a repository the App is installed on; `undefined` when GitHub does not know them. */
  compareCommits(revisions: { readonly from: string; readonly to: string }): Promise<CommitRange | undefined>;
  comment(pullRequestId: string, body: string): Promise<void>;
  /** `body`: in a comment, or in its text where the conversation is locked. */
  closePullRequest(pullRequestId: string, body: string): Promise<void>;
  /** Gives a pull request another title and body, and takes comments away, by their node ids. */
  updatePullRequestText(
    pullRequestId: string,
    text: { readonly title: string; readonly body: string; readonly untrue: readonly string[] },
  ): Promise<void>;
  /** What the App's open issues say. */
  ownIssues(): Promise<readonly string[]>;
  /** The repeated deployments of these environments, newest first; at least the newest hundred of all deployments are looked through. */
  repeats(environments: readonly string[]): Promise<readonly StandingRepeat[]>;
  /**
   * Opens, updates or closes (`body` absent) the one issue of its kind; does nothing when it says so already, nor where it is to be
   * closed and what was read of it is not what it was given last ("behind").
   */
  upsertIssue(issue: IssueText): Promise<"kept" | "behind">;
  /** The number of the App's open issue of this kind. */
  findOwnIssue(kind: IssueText["kind"]): Promise<number | undefined>;
  /** `undefined` where there is no issue of this number, or it is not the App's. */
  readOwnIssue(number: number): Promise<OwnIssue | undefined>;
}
