// The application's port to GitHub. Each operation is in its own file, and is listed in the port's interface and here.

import type { ObservedState, StateQuery } from "../../domain/model/github/observed-state.ts";
import type { ConfigRepository } from "../../domain/model/github/repository.ts";
import type { GitHubApp } from "./api/app.ts";
import { GitHubFailure } from "./api/failure.ts";
import { compareCommits } from "./queries/git/compare-commits.ts";
import { branchContains, containment } from "./queries/git/containment.ts";
import { defaultFile } from "./queries/git/default-file.ts";
import { filePaths } from "./queries/git/file-paths.ts";
import { entriesAt, foldersAt } from "./queries/git/folders.ts";
import { filesOnBranch, ownCommits } from "./queries/git/own-commits.ts";
import { pushRange } from "./queries/git/push-range.ts";
import { pushesTo } from "./queries/git/pushes-to.ts";
import { textsAt } from "./queries/git/texts-at.ts";
import { deliveryAttempts, redeliver } from "./queries/hook-deliveries.ts";
import { installations, installedRepositories, slugOf, userIdOf } from "./queries/installations.ts";
import { MANY } from "./queries/many/many.ts";
import { readOwnIssue } from "./queries/own-issue.ts";
import { readHead } from "./queries/pull-requests/checked-pull-request.ts";
import { commentsSince } from "./queries/pull-requests/comments-since.ts";
import { proveMerge } from "./queries/pull-requests/merge-proof.ts";
import { mergesSince } from "./queries/pull-requests/merges-since.ts";
import { repeats } from "./queries/repeats.ts";
import { fetchRepositoryState } from "./queries/repository-state.ts";
import type { InstallationAccess, RepositoryAccess } from "./repository-access.ts";
import { openHeads, writeCheckRun } from "./writes/check-runs.ts";
import {
  addLabel,
  hasReacted,
  lastLabelChange,
  mayWrite,
  react,
  readComment,
  readIssue,
  readWrittenComment,
  removeLabel,
} from "./writes/comments.ts";
import {
  closePullRequest,
  comment,
  ensureComment,
  findOwnIssue,
  ownIssues,
  replaceComment,
  updatePullRequestText,
  upsertIssue,
} from "./writes/conversation.ts";
import { decoratePullRequest } from "./writes/decorate.ts";
import { createDeployment, setDeploymentStatus } from "./writes/deployments.ts";
import { pullRequests } from "./writes/pull-requests.ts";

const READS = {
  ...{
    fetchRepositoryState: seen(fetchRepositoryState),
    readHead,
    openHeads,
    textsAt,
    foldersAt,
    entriesAt,
    filePaths,
    defaultFile,
    containment,
    branchContains,
  },
  ...{ ownCommits, filesOnBranch, compareCommits, proveMerge, mergesSince, pushRange, pushesTo },
  ...{ findOwnIssue, readOwnIssue },
  ...{
    commentsSince,
    readComment,
    readWrittenComment,
    readIssue,
    hasReacted,
    mayWrite,
    lastLabelChange,
    ownIssues,
    repeats,
  },
};
const WRITES = {
  ...{ pullRequests, decoratePullRequest, updatePullRequestText, closePullRequest, writeCheckRun },
  ...{ comment, ensureComment, replaceComment, react, addLabel, removeLabel, upsertIssue },
  ...{ createDeployment, setDeploymentStatus },
};
const OPERATIONS = { ...READS, ...WRITES };

/** Every method may throw `GitHubFailure`. */
export function gitHub(app: GitHubApp, clock: () => Date) {
  let known: string | undefined;
  let userId: number | undefined;
  /** The App's slug; queried once, and awaited by /readyz. */
  async function slug(): Promise<string> {
    known ??= await slugOf(app, clock);
    return known;
  }
  return {
    identity: slug,
    /** Queries the App's slug again; throws when GitHub is unreachable or does not know the App. */
    ping: () => slugOf(app, clock),
    installations: () => installations(app, clock),
    deliveryAttempts: (since: Date) => deliveryAttempts(app, { since, clock }),
    redeliver: (attemptId: number) => redeliver(app, attemptId, clock),
    installed: (installationId: number) => installedRepositories(app, installationId),
    renewToken: (installationId: number) => app.installation(installationId).renewToken(),
    in: (repository: ConfigRepository) =>
      bind(OPERATIONS, {
        ...accessTo(repository.installationId),
        ...{ repository, seal: app.sealIn(repository.id) },
      }),
    within: (installationId: number) => bind(MANY, accessTo(installationId)),
  };

  function accessTo(installationId: number): InstallationAccess {
    const client = app.installation(installationId);
    /** Only an installation token may query the id of the App's account. */
    async function identity() {
      userId ??= await userIdOf(client, await slug());
      return { slug: await slug(), ...(userId !== undefined && { userId }) };
    }
    return { client, app: { slug, identity } };
  }
}

type Operation<Access> = (access: Access, ...given: never[]) => unknown;
type Bound<Operations, Access> = {
  readonly [Name in keyof Operations]: Operations[Name] extends (
    access: Access,
    ...given: infer Arguments
  ) => infer Answer
    ? (...given: Arguments) => Answer
    : never;
};

function bind<Access, Operations extends Readonly<Record<string, Operation<Access>>>>(
  operations: Operations,
  access: Access,
): Bound<Operations, Access> {
  const bound = Object.entries(operations).map(([name, operation]) => [
    name,
    operation.bind(undefined, access),
  ]);
  return Object.fromEntries(bound);
}

/** `undefined` for a repository that the App cannot see any more. */
function seen(fetch: typeof fetchRepositoryState) {
  return async (access: RepositoryAccess, query: StateQuery): Promise<ObservedState | undefined> => {
    try {
      return await fetch(access, query);
    } catch (error) {
      if (error instanceof GitHubFailure && (error.kind === "missing" || error.kind === "denied"))
        return undefined;
      throw error;
    }
  };
}
