// What the flow needs of the world around it. The adapters fit these ports structurally; only index.ts knows them.

import type { Archive, ChartMetadata } from "../model/archive.ts";
import type { Deployment } from "../model/deployment.ts";
import type { Draft } from "../model/draft.ts";
import type { EnvironmentAsked, LookAnswer } from "../model/look.ts";
import type { Problem, Result } from "../model/problem.ts";
import type { ConfigRepository } from "../model/repository.ts";
import type { ChartRepository, Settings } from "../model/settings.ts";
import type { PullRequestName, PullRequests } from "../pull-request/propose.ts";
import type { CommitRange } from "../review/facts.ts";
import type { Store } from "../store/store.ts";
import type { BranchGitHub } from "./ports/branch-github.ts";
import type { CheckGitHub, Inspection, WrittenChecks } from "./ports/check-ports.ts";
import type { CommandGitHub } from "./ports/command-ports.ts";

export interface World {
  readonly settings: Settings;
  readonly store: Store;
  readonly charts: Charts;
  readonly github: GitHub;
  readonly inspection: Inspection;
  readonly writtenChecks: WrittenChecks;
  readonly clock: () => Date;
  readonly log: Log;
}

/** When to look again by itself, if at all. */
export type Again = { readonly again?: Date } | undefined;

export interface Log {
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
  error(about: object, message: string): void;
}

export type LookUp =
  | { readonly kind: "found"; readonly digest?: string; readonly metadata: ChartMetadata }
  | { readonly kind: "missing"; readonly asked: string }
  | { readonly kind: "unreachable"; readonly problem: Problem };

export interface Charts {
  /** An answer that was had some seconds before may do, unless it is older than `since` or has another digest. */
  lookUp(repository: ChartRepository, wanted: ChartName & { readonly since?: Date }): Promise<LookUp>;
  /** Every version of a chart, with what its Chart.yaml says. */
  versions(repository: ChartRepository, chart: string): Promise<Result<readonly ReleasedChart[]>>;
  /** `watched`: the charts to list in an OCI registry, which cannot say which charts it has. */
  listVersions(
    repository: ChartRepository,
    previous: string | undefined,
    watched: readonly string[],
  ): Promise<Listing>;
  /** The packed bytes, checked against the digest when one is known. */
  fetchArchive(
    repository: ChartRepository,
    chart: ChartName,
  ): Promise<Result<{ readonly packed: Uint8Array }>>;
  openArchive(bytes: Uint8Array): Promise<Result<Archive>>;
}

/** One version of a chart, as its repository lists it. */
export interface ReleasedChart {
  readonly metadata: ChartMetadata;
  readonly digest?: string;
  readonly created?: Date;
}

export type Listing =
  | {
      readonly kind: "changed";
      readonly versions: Iterable<
        readonly [string, readonly { readonly version: string; readonly digest?: string }[]]
      >;
      readonly validator: string;
    }
  | { readonly kind: "same" }
  | { readonly kind: "failed"; readonly problem: Problem };

export interface ChartName {
  readonly chart: string;
  readonly version: string;
  readonly digest?: string;
}

/** Everything asked of GitHub. Nothing is sent twice; a throw means that the outcome is unknown or has to wait. */
export interface GitHub extends BranchGitHub, CheckGitHub, CommandGitHub {
  /** `undefined` when the App does not see the repository any more. */
  look(
    repository: ConfigRepository,
    environments: readonly EnvironmentAsked[],
  ): Promise<LookAnswer | undefined>;
  pullRequests(repository: ConfigRepository, answer: LookAnswer): PullRequests;
  /** Labels, reviewers, auto-merge: only called when the environment asks for any. Problems are what GitHub does not know or allow. */
  decorate(
    repository: ConfigRepository,
    answer: LookAnswer,
    about: {
      readonly wanted: Pick<Draft, "labels" | "reviewers" | "autoMerge">;
      readonly pullRequest: PullRequestName;
    },
  ): Promise<readonly Problem[]>;
  /** GitHub's id of the new deployment. Sent once: after a lost answer, prove again and look for it. */
  createDeployment(repository: ConfigRepository, deployment: Deployment): Promise<number>;
  /** False where GitHub shows no such deployment. */
  setDeploymentStatus(
    repository: ConfigRepository,
    deploymentId: number,
    status: DeploymentStatus,
  ): Promise<boolean>;
  /** For each commit, those of the others that can be reached from it. */
  containment(
    repository: ConfigRepository,
    shas: readonly string[],
  ): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  /** Comments on a pull request, unless a comment of the App there holds the marker. */
  ensureComment(
    repository: ConfigRepository,
    number: number,
    comment: { readonly marker: string; readonly body: string },
  ): Promise<void>;
  /** Commits between two revisions of a repository the App is installed on; `undefined` when GitHub does not know them. */
  compareCommits(
    repository: ConfigRepository,
    revisions: { readonly from: string; readonly to: string },
  ): Promise<CommitRange | undefined>;
  comment(repository: ConfigRepository, pullRequestId: string, body: string): Promise<void>;
  close(repository: ConfigRepository, pullRequestId: string, comment: string): Promise<void>;
  /** Gives a pull request another title and body, and takes comments away, by their node ids. */
  retell(
    repository: ConfigRepository,
    pullRequestId: string,
    told: { readonly title: string; readonly body: string; readonly untrue: readonly string[] },
  ): Promise<void>;
  /** What the one open issue of its kind says. */
  issueBody(repository: ConfigRepository, kind: IssueText["kind"]): Promise<string | undefined>;
  /** Opens, updates or closes (`body` absent) the one issue of its kind; does nothing when it says so already. */
  issue(repository: ConfigRepository, issue: IssueText): Promise<void>;
  /** Repositories the installation covers; `undefined` when the installation is suspended or gone. */
  installed(installationId: number): Promise<readonly ConfigRepository[] | undefined>;
  installations(): Promise<readonly number[]>;
}

export interface DeploymentStatus {
  readonly state: "error" | "failure" | "inactive" | "in_progress" | "queued" | "pending" | "success";
  readonly log?: string;
  /** At most 140 characters. */
  readonly description?: string;
}

export interface IssueText {
  /** Which of the App's issues it is: written into a hidden marker. */
  readonly kind: "config" | "direct-push";
  readonly title: string;
  /** Markdown; absent to close the issue. */
  readonly body?: string;
}
