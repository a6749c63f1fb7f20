// The flow's port to GitHub, made of the pieces of this folder.

import type { Deployment } from "../model/deployment.ts";
import type { CheckRun, HeadAsked } from "../model/head.ts";
import type { EnvironmentAsked, LookAnswer } from "../model/look.ts";
import type { EnvironmentFolder, MergeAsked, PushAsked } from "../model/merge.ts";
import type { ConfigRepository } from "../model/repository.ts";
import type { GitHubApp } from "./app.ts";
import { openHeads, writeCheckRun } from "./check-runs.ts";
import { addLabel, hasReacted, mayWrite, react, readComment, removeLabel } from "./comment-commands.ts";
import { compareCommits } from "./compare-commits.ts";
import { containment } from "./containment.ts";
import {
  closePullRequest,
  comment,
  ensureComment,
  type IssueText,
  issueBody,
  type Retold,
  retell,
  sayInIssue,
} from "./conversation.ts";
import { type Decorating, decorate } from "./decorate.ts";
import { createDeployment, type DeploymentStatus, setDeploymentStatus } from "./deployments.ts";
import { GitHubFailure } from "./failure.ts";
import { foldersAt } from "./folders.ts";
import { installations, installedRepositories, slugOf } from "./installations.ts";
import { look } from "./look.ts";
import { mergesSince } from "./merges-since.ts";
import { proveMerge } from "./proof.ts";
import { pullRequestsOf } from "./pull-requests.ts";
import { pushRange } from "./push-range.ts";
import { readHead } from "./read-head.ts";
import { textsAt } from "./texts-at.ts";

/** Every method may throw `GitHubFailure`. */
export function gitHub(app: GitHubApp, clock: () => Date) {
  let slug: string | undefined;
  const client = ({ installationId }: ConfigRepository) => app.installation(installationId);
  /** Who the App is; asked once, and what /readyz waits for. */
  async function identity(): Promise<string> {
    slug ??= await slugOf(app, clock);
    return slug;
  }
  return {
    identity,
    installations: () => installations(app, clock),
    installed: (installationId: number) => installedRepositories(app, installationId),
    look: async (repository: ConfigRepository, environments: readonly EnvironmentAsked[]) =>
      seen(look(client(repository), repository, { environments, slug: await identity() })),
    pullRequests: (repository: ConfigRepository, answer: LookAnswer) =>
      pullRequestsOf(client(repository), answer),
    decorate: (
      repository: ConfigRepository,
      { ids }: Pick<LookAnswer, "ids">,
      about: Pick<Decorating, "wanted" | "pullRequest">,
    ) => decorate(client(repository), repository, { ...about, ids }),
    compareCommits: (
      repository: ConfigRepository,
      revisions: { readonly from: string; readonly to: string },
    ) => compareCommits(client(repository), repository, revisions),
    comment: (repository: ConfigRepository, pullRequestId: string, body: string) =>
      comment(client(repository), pullRequestId, body),
    close: (repository: ConfigRepository, pullRequestId: string, body: string) =>
      closePullRequest(client(repository), pullRequestId, body),
    retell: (repository: ConfigRepository, pullRequestId: string, told: Retold) =>
      retell(client(repository), pullRequestId, told),
    ensureComment: async (
      repository: ConfigRepository,
      number: number,
      said: { readonly marker: string; readonly body: string },
    ) => ensureComment(client(repository), repository, { number, slug: await identity(), ...said }),
    containment: (repository: ConfigRepository, shas: readonly string[]) =>
      containment(client(repository), repository, shas),
    issueBody: async (repository: ConfigRepository, kind: IssueText["kind"]) =>
      issueBody(client(repository), repository, { kind, slug: await identity() }),
    issue: async (repository: ConfigRepository, text: IssueText) =>
      sayInIssue(client(repository), repository, { text, slug: await identity() }),
    readHead: async (repository: ConfigRepository, asked: HeadAsked) =>
      readHead(client(repository), repository, { asked, slug: await identity() }),
    writeCheckRun: (repository: ConfigRepository, run: CheckRun) =>
      writeCheckRun(client(repository), repository, run),
    readComment: (repository: ConfigRepository, commentId: number) =>
      readComment(client(repository), repository, commentId),
    hasReacted: async (repository: ConfigRepository, commentId: number) =>
      hasReacted(client(repository), repository, { commentId, slug: await identity() }),
    react: (
      repository: ConfigRepository,
      answer: { readonly commentId: number; readonly reaction: "+1" | "-1" | "confused" },
    ) => react(client(repository), repository, answer),
    mayWrite: (repository: ConfigRepository, login: string) =>
      mayWrite(client(repository), repository, login),
    addLabel: (repository: ConfigRepository, number: number, label: string) =>
      addLabel(client(repository), repository, { number, label }),
    removeLabel: (repository: ConfigRepository, number: number, label: string) =>
      removeLabel(client(repository), repository, { number, label }),
    textsAt: (
      repository: ConfigRepository,
      asked: { readonly commits: readonly string[]; readonly paths: readonly string[] },
    ) => textsAt(client(repository), repository, asked),
    openHeads: async (repository: ConfigRepository) =>
      openHeads(client(repository), repository, await identity()),
    proveMerge: async (repository: ConfigRepository, asked: MergeAsked) =>
      proveMerge(client(repository), repository, { asked, slug: await identity() }),
    foldersAt: (repository: ConfigRepository, oid: string, environments: readonly EnvironmentFolder[]) =>
      foldersAt(client(repository), repository, { oid, environments }),
    mergesSince: async (
      repository: ConfigRepository,
      asked: { readonly branches: readonly string[]; readonly since?: Date },
    ) => mergesSince(client(repository), repository, { ...asked, slug: await identity() }),
    pushRange: (repository: ConfigRepository, asked: PushAsked) =>
      pushRange(client(repository), repository, asked),
    createDeployment: (repository: ConfigRepository, deployment: Deployment) =>
      createDeployment(client(repository), repository, deployment),
    setDeploymentStatus: (repository: ConfigRepository, deploymentId: number, status: DeploymentStatus) =>
      setDeploymentStatus(client(repository), { ...repository, deploymentId }, status),
  };
}

/** `undefined` for a repository that the App does not see any more. */
async function seen<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof GitHubFailure && (error.kind === "missing" || error.kind === "denied"))
      return undefined;
    throw error;
  }
}
