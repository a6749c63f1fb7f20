// Writes promotions: a branch, a commit and a pull request in one mutation document, and their later versions in place.

import type { Draft, FileChange, Leftover } from "../../../domain/model/draft.ts";
import type { Proposed, PullRequests, Update } from "../../../reconcile/ports/github/pull-requests.ts";
import type { InstallationClient, Mutated } from "../api/client.ts";
import type { RepositoryAccess } from "../repository-access.ts";
import { commitByGitData, needsGitData } from "./git-data.ts";

/** The repository to write to: its node id, and its current name on GitHub. */
export interface PullRequestTarget {
  readonly nodeId: string;
  readonly nameWithOwner: string;
}

const ZERO = "0".repeat(40);

interface Written {
  readonly commit: { readonly commit: { readonly oid: string } | null } | null;
  readonly pr: { readonly pullRequest: RawPull | null } | null;
}
interface RawPull {
  readonly id: string;
  readonly number: number;
  readonly url: string;
  readonly headRefOid: string;
}

const COMMIT = "commit: createCommitOnBranch(input: $commit) { commit { oid } }";
const OPEN = "pr: createPullRequest(input: $pr) { pullRequest { id number url headRefOid } }";
const UPDATE = "pr: updatePullRequest(input: $pr) { pullRequest { id number url headRefOid } }";
const COMMENT = "comment: addComment(input: $comment) { clientMutationId }";

export function pullRequests(
  { client, seal }: Pick<RepositoryAccess, "client" | "seal">,
  target: PullRequestTarget,
): PullRequests {
  const sealed = (draft: Draft): Draft => ({ ...draft, message: seal.seal(draft.message, draft.branch) });
  return {
    open: (draft, replaces) => open({ client, target }, sealed(draft), replaces),
    append: (draft, update) => append({ client, target }, sealed(draft), update),
    rebuild: (draft, update) => rebuild({ client, target }, sealed(draft), update),
  };
}

interface Place {
  readonly client: InstallationClient;
  readonly target: PullRequestTarget;
}

/**
 * One request; two when there may be an open pull request that a lagging replica does not show: moving its branch to
 * the base would make GitHub close it. The branch is then swapped to the new commit at once, and GitHub refuses a
 * second pull request.
 */
async function open(place: Place, draft: Draft, replaces: Leftover | undefined): Promise<Proposed> {
  const prepared = await preparedCommit(place, draft, { files: draft.files, parent: draft.base.oid });
  const isStaged = prepared === undefined && replaces?.mayBeProposed === true;
  const ready = isStaged ? await commitOnStage(place, draft) : prepared;
  if (isStaged && ready === undefined) return notStaged(draft);
  const start = ready ?? draft.base.oid;
  const branch =
    replaces === undefined
      ? {
          field: "branch: createRef(input: $ref) { clientMutationId }",
          type: "CreateRefInput",
          input: newRef(place, draft, start),
        }
      : {
          field: "branch: updateRefs(input: $ref) { clientMutationId }",
          type: "UpdateRefsInput",
          input: moveRefs(place, [
            refMove(draft.branch, { before: replaces.head, after: start }),
            ...(isStaged ? [clearedStage(draft, start)] : []),
          ]),
        };
  const fields = [branch.field, ...(ready ? [] : [COMMIT]), OPEN];
  return send(place, ready, {
    activity: `opening ${draft.branch}`,
    fields,
    inputs: {
      ref: [branch.type, branch.input],
      ...(!ready && {
        commit: commitInput(place, draft, { files: draft.files, branch: draft.branch, head: draft.base.oid }),
      }),
      pr: [
        "CreatePullRequestInput",
        {
          repositoryId: place.target.nodeId,
          baseRefName: draft.base.branch,
          headRefName: draft.branch,
          title: draft.title,
          body: draft.body,
          draft: draft.draft,
          maintainerCanModify: false,
        },
      ],
    },
  });
}

async function append(
  place: Place,
  draft: Draft,
  update: Update & { readonly files: readonly FileChange[] },
): Promise<Proposed> {
  const { headOid } = update.pullRequest;
  const ready = await preparedCommit(place, draft, { files: update.files, parent: headOid });
  const move = "branch: updateRefs(input: $ref) { clientMutationId }";
  return send(place, ready, {
    activity: `updating #${update.pullRequest.number}`,
    fields: [ready ? move : COMMIT, ...(update.comment === undefined ? [] : [COMMENT]), UPDATE],
    inputs: {
      ...(ready
        ? {
            ref: [
              "UpdateRefsInput",
              moveRefs(place, [refMove(draft.branch, { before: headOid, after: ready })]),
            ],
          }
        : {
            commit: commitInput(place, draft, { files: update.files, branch: draft.branch, head: headOid }),
          }),
      ...updateInputs(draft, update),
    },
  });
}

/**
 * Two requests: the new commit is made on a stage branch at the new base, then the promotion branch is swapped to it.
 * Resetting the promotion branch to the base first would make GitHub close the pull request.
 */
async function rebuild(place: Place, draft: Draft, update: Update): Promise<Proposed> {
  const ready = await preparedCommit(place, draft, { files: draft.files, parent: draft.base.oid });
  const staged = ready ?? (await commitOnStage(place, draft));
  if (staged === undefined) return notStaged(draft);
  const swap = refMove(draft.branch, { before: update.pullRequest.headOid, after: staged });
  return send(place, staged, {
    activity: `rebuilding #${update.pullRequest.number}`,
    fields: [
      "swap: updateRefs(input: $ref) { clientMutationId }",
      ...(update.comment === undefined ? [] : [COMMENT]),
      UPDATE,
    ],
    inputs: {
      ref: ["UpdateRefsInput", moveRefs(place, ready ? [swap] : [swap, clearedStage(draft, staged)])],
      ...updateInputs(draft, update),
    },
  });
}

function stageOf({ branch }: Draft): string {
  return `promote-stage/${branch.replace(/^promote\//, "")}`;
}

function clearedStage(draft: Draft, staged: string): object {
  return refMove(stageOf(draft), { before: staged, after: ZERO });
}

function notStaged(draft: Draft): Proposed {
  return { kind: "doubt", because: `the commit on ${stageOf(draft)} was not made` };
}

async function commitOnStage(place: Place, draft: Draft): Promise<string | undefined> {
  const stage = stageOf(draft);
  const { data } = await place.client.mutate<Written>(
    { activity: `staging ${draft.branch}`, purpose: "promotion" },
    `mutation Stage($ref: UpdateRefsInput!, $commit: CreateCommitOnBranchInput!) {
  stage: updateRefs(input: $ref) { clientMutationId }
  ${COMMIT}
}`,
    {
      ref: moveRefs(place, [refMove(stage, { after: draft.base.oid })]),
      commit: commitInput(place, draft, { files: draft.files, branch: stage, head: draft.base.oid })[1],
    },
  );
  return data?.commit?.commit?.oid;
}

interface Document {
  readonly activity: string;
  readonly fields: readonly string[];
  /** By variable name: input type and value. */
  readonly inputs: Readonly<Record<string, readonly [string, object]>>;
}

/** `head`: the commit that the pull request must have afterwards, if it is known beforehand. */
async function send(
  place: Place,
  head: string | undefined,
  { activity, fields, inputs }: Document,
): Promise<Proposed> {
  const declarations = Object.entries(inputs).map(([name, [type]]) => `$${name}: ${type}!`);
  const document = `mutation Promote(${declarations.join(", ")}) {\n  ${fields.join("\n  ")}\n}`;
  const variables = Object.fromEntries(Object.entries(inputs).map(([name, [, value]]) => [name, value]));
  const about = { activity, purpose: "promotion", check: "follows" } as const;
  const answer = await place.client.mutate<Written>(about, document, variables);
  return proposed(answer, head ?? answer.data?.commit?.commit?.oid);
}

/**
 * Fields of one document succeed and fail independently, so the only proof of success is the pull request at our
 * commit.
 */
function proposed({ data, errors }: Mutated<Written>, head: string | undefined): Proposed {
  const pullRequest = data?.pr?.pullRequest;
  if (pullRequest && head !== undefined && pullRequest.headRefOid === head && errors.length === 0) {
    const { id, number, url } = pullRequest;
    return { kind: "proposed", pullRequest: { id, number, url } };
  }
  if (errors.length === 0)
    return { kind: "doubt", because: "the pull request does not stand at the new commit" };
  const because = errors.map(({ path, message }) => `${path}: ${message}`).join("; ");
  const isRefusal = errors.every(({ type }) => type !== "STALE_DATA");
  return { kind: "doubt", because, ...(isRefusal && { isRefusal }) };
}

async function preparedCommit(
  { client, target }: Place,
  draft: Draft,
  commit: { readonly files: readonly FileChange[]; readonly parent: string },
): Promise<string | undefined> {
  if (!needsGitData(commit.files)) return undefined;
  return commitByGitData(client, target.nameWithOwner, { ...commit, message: draft.message });
}

function newRef({ target }: Place, draft: Draft, oid: string): object {
  return { repositoryId: target.nodeId, name: `refs/heads/${draft.branch}`, oid };
}

function moveRefs({ target }: Place, refUpdates: readonly object[]): object {
  return { repositoryId: target.nodeId, refUpdates };
}

/** `before` makes it a compare-and-swap (as with force-with-lease); zeros as `after` delete the branch. */
function refMove(
  branch: string,
  { before, after }: { readonly before?: string; readonly after: string },
): object {
  return {
    name: `refs/heads/${branch}`,
    ...(before !== undefined && { beforeOid: before }),
    afterOid: after,
    force: true,
  };
}

function commitInput(
  { target }: Place,
  { message }: Draft,
  {
    files,
    branch,
    head,
  }: { readonly files: readonly FileChange[]; readonly branch: string; readonly head: string },
): readonly [string, object] {
  const additions = files.flatMap(({ path, contents }) =>
    contents === null ? [] : [{ path, contents: Buffer.from(contents).toString("base64") }],
  );
  const deletions = files.flatMap(({ path, contents }) => (contents === null ? [{ path }] : []));
  const input = {
    branch: { repositoryNameWithOwner: target.nameWithOwner, branchName: branch },
    expectedHeadOid: head,
    message,
    fileChanges: { additions, deletions },
  };
  return ["CreateCommitOnBranchInput", input];
}

function updateInputs(draft: Draft, { pullRequest, comment }: Update): Document["inputs"] {
  return {
    pr: ["UpdatePullRequestInput", { pullRequestId: pullRequest.id, title: draft.title, body: draft.body }],
    ...(comment !== undefined && {
      comment: ["AddCommentInput", { subjectId: pullRequest.id, body: comment }],
    }),
  };
}
