// Every GraphQL document of a promotion's life, over HTTP and against GitHub's own schema.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { commitInput, errorsOf, NAME, type Setup, setUp, ZERO } from "./setup.ts";

let at: Setup;
beforeEach(async () => {
  at = await setUp();
});
afterEach(() => at.github.close());

const FILE = "dev/requirements.yaml";
const BRANCH = "promote/app/prod";

const READ = `query PromotionRead($owner: String!, $name: String!, $base: String!, $head: String!, $label: String!, $p0: String!, $p1: String!) {
  rateLimit { cost limit remaining resetAt }
  repository(owner: $owner, name: $name) {
    id nameWithOwner isArchived isDisabled isLocked autoMergeAllowed
    defaultBranchRef { name }
    label(name: $label) { id }
    base: ref(qualifiedName: $base) { id name target { __typename oid ... on Commit { tree { oid } f0: file(path: $p0) { ...F } f1: file(path: $p1) { ...F } } } }
    head: ref(qualifiedName: $head) {
      id name
      target { oid ... on Commit { messageHeadline parents(first: 2) { nodes { oid } } h0: file(path: $p0) { oid mode } } }
      associatedPullRequests(states: [OPEN], first: 2) {
        totalCount
        nodes {
          id number title body isDraft headRefOid baseRefName baseRefOid mergeable reviewDecision isInMergeQueue
          autoMergeRequest { enabledAt mergeMethod } author { login __typename } labels(first: 20) { nodes { id name } }
        }
      }
    }
  }
}
fragment F on TreeEntry { path mode type oid object { __typename oid ... on Blob { byteSize isBinary isTruncated text } } }`;

const CREATE = `mutation PromotionCreate($ref: CreateRefInput!, $commit: CreateCommitOnBranchInput!, $pr: CreatePullRequestInput!) {
  branch: createRef(input: $ref) { ref { id name target { oid } } }
  commit: createCommitOnBranch(input: $commit) { commit { oid url committedDate signature { isValid state wasSignedByGitHub } } ref { id name target { oid } } }
  pr: createPullRequest(input: $pr) { pullRequest { id number url state headRefName headRefOid baseRefName baseRefOid } }
}`;

const CREATE_CAS = `mutation PromotionCreateCas($refs: UpdateRefsInput!, $commit: CreateCommitOnBranchInput!, $pr: CreatePullRequestInput!) {
  branch: updateRefs(input: $refs) { clientMutationId }
  commit: createCommitOnBranch(input: $commit) { commit { oid } ref { id name target { oid } } }
  pr: createPullRequest(input: $pr) { pullRequest { id number url state headRefOid baseRefOid } }
}`;

interface Read {
  readonly rateLimit: { readonly cost: number };
  readonly repository: {
    readonly id: string;
    readonly base: {
      readonly target: { readonly oid: string; readonly f0: object; readonly f1: object | null };
    };
    readonly head: {
      readonly target: { readonly oid: string };
      readonly associatedPullRequests: { readonly totalCount: number; readonly nodes: readonly object[] };
    } | null;
  };
}

interface Created {
  readonly branch: object | null;
  readonly commit: { readonly commit: { readonly oid: string; readonly signature: object } } | null;
  readonly pr: {
    readonly pullRequest: { readonly id: string; readonly number: number; readonly headRefOid: string };
  } | null;
}

function read(): Promise<Read> {
  const variables = {
    owner: "acme",
    base: "refs/heads/main",
    head: `refs/heads/${BRANCH}`,
    label: "promotion",
    p0: FILE,
    p1: "missing",
  };
  return at.graphql<Read>(READ, { ...variables, name: "config" });
}

function createVariables(repositoryId: string, base: string) {
  return {
    ref: { repositoryId, name: `refs/heads/${BRANCH}`, oid: base },
    refs: {
      repositoryId,
      refUpdates: [{ name: `refs/heads/${BRANCH}`, beforeOid: ZERO, afterOid: base, force: true }],
    },
    commit: commitInput({ branch: BRANCH, head: base, files: { [FILE]: "version: 2\n" } }),
    pr: { repositoryId, baseRefName: "main", headRefName: BRANCH, title: "Promote", body: "Body" },
  };
}

async function open(): Promise<{ created: Created; repositoryId: string; base: string }> {
  const { repository } = await read();
  const base = repository.base.target.oid;
  const { ref, commit, pr } = createVariables(repository.id, base);
  return {
    created: await at.graphql<Created>(CREATE, { ref, commit, pr }),
    repositoryId: repository.id,
    base,
  };
}

function opened({ created }: { created: Created }) {
  if (created.pr === null || created.commit === null) throw new Error("not opened");
  return {
    id: created.pr.pullRequest.id,
    number: created.pr.pullRequest.number,
    head: created.commit.commit.oid,
  };
}

test("Q1 reads files, head and open pull requests in one query that costs one point", async () => {
  const before = await read();
  expect(before.rateLimit.cost).toBe(1);
  expect(before.repository.head).toBeNull();
  expect(before.repository.base.target.f1).toBeNull();
  expect(before.repository.base.target.f0).toMatchObject({
    path: FILE,
    mode: 0o100644,
    type: "blob",
    object: {
      __typename: "Blob",
      isBinary: false,
      isTruncated: false,
      text: expect.stringContaining("xposer"),
    },
  });
  const { head } = opened(await open());
  const after = await read();
  expect(after.repository.head?.target.oid).toBe(head);
  expect(after.repository.head?.associatedPullRequests.nodes).toEqual([
    expect.objectContaining({
      number: 1,
      headRefOid: head,
      mergeable: "MERGEABLE",
      reviewDecision: null,
      author: { login: "chart-promoter", __typename: "Bot" },
    }),
  ]);
});

test("M1 makes branch, commit and pull request in one document", async () => {
  const { created } = await open();
  expect(created.commit?.commit.signature).toEqual({
    isValid: true,
    state: "VALID",
    wasSignedByGitHub: true,
  });
  expect(created.pr?.pullRequest.headRefOid).toBe(created.commit?.commit.oid);
  expect(at.github.requests.counted.map(({ rootFields }) => rootFields.join())).toEqual([
    "rateLimit,repository",
    "createRef,createCommitOnBranch,createPullRequest",
  ]);
});

test("M1 again changes nothing and names each reason", async () => {
  const { repositoryId, base } = await open();
  const { ref, commit, pr } = createVariables(repositoryId, base);
  expect(await errorsOf(at.graphql(CREATE, { ref, commit, pr }))).toEqual([
    `UNPROCESSABLE: A ref named "refs/heads/${BRANCH}" already exists in the repository.`,
    `STALE_DATA: Expected branch to point to "${base}" but it did not.  Pull and try again.`,
    `UNPROCESSABLE: A pull request already exists for acme:${BRANCH}.`,
  ]);
});

test("M1 over an orphan branch opens the pull request on the old content: later fields run after earlier failed", async () => {
  const orphan = at.github.as("alice").push(NAME, { branch: BRANCH, files: { old: "content" } });
  const { repository } = await read();
  const { ref, commit, pr } = createVariables(repository.id, repository.base.target.oid);
  const errors = await errorsOf(at.graphql(CREATE, { ref, commit, pr }));
  expect(errors.map((text) => text.split(":")[0])).toEqual(["UNPROCESSABLE", "STALE_DATA"]);
  expect(at.repository.pull(1)?.head.oid).toBe(orphan);
});

test("M1b takes over an orphan branch by compare-and-swap", async () => {
  const orphan = at.github.as("alice").push(NAME, { branch: BRANCH, files: { old: "content" } });
  const { repository } = await read();
  const { refs, commit, pr } = createVariables(repository.id, repository.base.target.oid);
  expect(await errorsOf(at.graphql(CREATE_CAS, { refs, commit, pr }))).toHaveLength(2);
  at.github.as("alice").close(NAME, 1);
  refs.refUpdates = [
    { name: `refs/heads/${BRANCH}`, beforeOid: orphan, afterOid: repository.base.target.oid, force: true },
  ];
  const created = await at.graphql<Created>(CREATE_CAS, { refs, commit, pr });
  expect(created.pr?.pullRequest).toMatchObject({ number: 2, headRefOid: created.commit?.commit.oid });
});

test("M2 labels, asks for reviews and turns auto-merge on", async () => {
  at.github.owner("acme").setRules(NAME, [{ pattern: "main", approvals: 1 }]);
  const { id, number, head } = opened(await open());
  const { createLabel } = await at.graphql<{ createLabel: { label: { id: string } } }>(
    `mutation($input: CreateLabelInput!) { createLabel(input: $input) { label { id name color } } }`,
    { input: { repositoryId: (await read()).repository.id, name: "promotion", color: "0075ca" } },
  );
  const { user } = await at.graphql<{ user: { id: string } }>(`{ user(login: "alice") { id login } }`);
  const decorated = await at.graphql(
    `mutation PromotionDecorate($labels: AddLabelsToLabelableInput!, $reviews: RequestReviewsInput!, $auto: EnablePullRequestAutoMergeInput!, $withLabels: Boolean = true, $withReviews: Boolean = true, $withAuto: Boolean = false) {
      labels: addLabelsToLabelable(input: $labels) @include(if: $withLabels) { labelable { labels(first: 20) { nodes { name } } } }
      reviews: requestReviews(input: $reviews) @include(if: $withReviews) { pullRequest { reviewRequests(first: 10) { totalCount nodes { requestedReviewer { ... on User { login } } } } } }
      auto: enablePullRequestAutoMerge(input: $auto) @include(if: $withAuto) { pullRequest { id autoMergeRequest { enabledAt mergeMethod } } }
    }`,
    {
      labels: { labelableId: id, labelIds: [createLabel.label.id] },
      reviews: { pullRequestId: id, userIds: [user.id] },
      auto: { pullRequestId: id, mergeMethod: "SQUASH", expectedHeadOid: head },
      withAuto: true,
    },
  );
  expect(decorated).toMatchObject({
    labels: { labelable: { labels: { nodes: [{ name: "promotion" }] } } },
    reviews: {
      pullRequest: { reviewRequests: { totalCount: 1, nodes: [{ requestedReviewer: { login: "alice" } }] } },
    },
    auto: { pullRequest: { autoMergeRequest: { mergeMethod: "SQUASH" } } },
  });
  at.github.as("alice").approve(NAME, number);
  expect(at.repository.pull(number)?.merge).toBeDefined();
});

test("M3 appends and edits", async () => {
  const { id, head } = opened(await open());
  const appended = await at.graphql(
    `mutation PromotionAppend($commit: CreateCommitOnBranchInput!, $pr: UpdatePullRequestInput!) {
      commit: createCommitOnBranch(input: $commit) { commit { oid signature { isValid state wasSignedByGitHub } } ref { id target { oid } } }
      pr: updatePullRequest(input: $pr) { pullRequest { id number headRefOid state title } }
    }`,
    {
      commit: commitInput({ branch: BRANCH, head, files: { [FILE]: "version: 3\n" } }),
      pr: { pullRequestId: id, title: "Promote 3" },
    },
  );
  expect(appended).toMatchObject({ pr: { pullRequest: { state: "OPEN", title: "Promote 3", number: 1 } } });
  expect(at.repository.pull(1)?.head.oid).toBe(at.repository.branch(BRANCH));
});

const SWAP = `mutation PromotionRebaseSwap($refs: UpdateRefsInput!, $pr: UpdatePullRequestInput!) {
  swap: updateRefs(input: $refs) { clientMutationId }
  pr: updatePullRequest(input: $pr) { pullRequest { id number state headRefOid title mergeable } }
}`;

test("M4a and M4b swap the branch to a commit on the new base, and the pull request stays open", async () => {
  const { repositoryId, ...made } = await open();
  const { id, head } = opened(made);
  const base = at.github.as("alice").push(NAME, { branch: "main", files: { [FILE]: "version: 9\n" } });
  const staged = await at.graphql<{ commit: { commit: { oid: string } } }>(
    `mutation PromotionRebaseStage($stage: UpdateRefsInput!, $commit: CreateCommitOnBranchInput!) {
      stage: updateRefs(input: $stage) { clientMutationId }
      commit: createCommitOnBranch(input: $commit) { commit { oid parents(first: 1) { nodes { oid } } signature { isValid state wasSignedByGitHub } } ref { id target { oid } } }
    }`,
    {
      stage: {
        repositoryId,
        refUpdates: [{ name: "refs/heads/promoter-stage/1", afterOid: base, force: true }],
      },
      commit: commitInput({ branch: "promoter-stage/1", head: base, files: { [FILE]: "version: 10\n" } }),
    },
  );
  const { oid } = staged.commit.commit;
  const refs = {
    repositoryId,
    refUpdates: [
      { name: `refs/heads/${BRANCH}`, beforeOid: head, afterOid: oid, force: true },
      { name: "refs/heads/promoter-stage/1", beforeOid: oid, afterOid: ZERO },
    ],
  };
  const before = at.github.webhooks.deliveries.length;
  const swapped = await at.graphql(SWAP, { refs, pr: { pullRequestId: id, title: "Rebased" } });
  expect(swapped).toMatchObject({
    pr: { pullRequest: { state: "OPEN", headRefOid: oid, mergeable: "MERGEABLE" } },
  });
  expect(at.repository.branch("promoter-stage/1")).toBeUndefined();
  const events = at.github.webhooks.deliveries.slice(before).map(({ event, action }) => `${event}.${action}`);
  expect(events.filter((name) => name === "pull_request.synchronize")).toHaveLength(1);
  expect(events).not.toContain("pull_request.closed");

  const replay = await errorsOf(at.graphql(SWAP, { refs, pr: { pullRequestId: id, title: "Rebased" } }));
  expect(replay).toHaveLength(1);
  expect(at.repository.branch(BRANCH)).toBe(oid);
});

test("updateRefs moves all or none", async () => {
  const { repositoryId, base } = await open();
  const refUpdates = [
    { name: "refs/heads/one", beforeOid: ZERO, afterOid: base },
    { name: "refs/heads/main", beforeOid: "1".repeat(40), afterOid: base },
  ];
  const document = `mutation($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }`;
  expect(await errorsOf(at.graphql(document, { input: { repositoryId, refUpdates } }))).toHaveLength(1);
  expect(at.repository.branch("one")).toBeUndefined();
});

test("M5 opens the next and closes the one before", async () => {
  const { repositoryId, base, created } = await open();
  const { id } = opened({ created });
  const { repository } = await at.graphql<{ repository: { ref: { id: string } } }>(
    `{ repository(owner: "acme", name: "config") { ref(qualifiedName: "refs/heads/${BRANCH}") { id } } }`,
  );
  const next = "promote/app/prod-2";
  const superseded = await at.graphql(
    `mutation PromotionSupersede($ref: CreateRefInput!, $commit: CreateCommitOnBranchInput!, $pr: CreatePullRequestInput!, $oldPr: ClosePullRequestInput!, $oldRef: DeleteRefInput!) {
      branch: createRef(input: $ref) { ref { id target { oid } } }
      commit: createCommitOnBranch(input: $commit) { commit { oid } ref { target { oid } } }
      pr: createPullRequest(input: $pr) { pullRequest { id number url headRefOid } }
      closed: closePullRequest(input: $oldPr) { pullRequest { id state } }
      deleted: deleteRef(input: $oldRef) { clientMutationId }
    }`,
    {
      ref: { repositoryId, name: `refs/heads/${next}`, oid: base },
      commit: commitInput({ branch: next, head: base, files: { [FILE]: "version: 4\n" } }),
      pr: { repositoryId, baseRefName: "main", headRefName: next, title: "Next", body: "" },
      oldPr: { pullRequestId: id },
      oldRef: { refId: repository.ref.id, clientMutationId: "mine" },
    },
  );
  expect(superseded).toMatchObject({
    pr: { pullRequest: { number: 2 } },
    closed: { pullRequest: { state: "CLOSED" } },
    deleted: { clientMutationId: "mine" },
  });
  expect(at.repository.branch(BRANCH)).toBeUndefined();
});

const PROVENANCE = `query MergeProvenance($owner: String!, $name: String!, $sha: GitObjectID!, $shaRef: String!, $base: String!, $env: String!, $p0: String!) {
  rateLimit { cost remaining resetAt }
  repository(owner: $owner, name: $name) {
    id nameWithOwner isArchived
    base: ref(qualifiedName: $base) {
      target { oid }
      compare(headRef: $shaRef) { status aheadBy behindBy }
      refUpdateRule { viewerCanPush requiredApprovingReviewCount requiresCodeOwnerReviews }
    }
    object(oid: $sha) { __typename ... on Commit {
      oid committedDate parents(first: 3) { nodes { oid } } signature { isValid state wasSignedByGitHub }
      f0: file(path: $p0) { oid mode object { ... on Blob { isTruncated text } } }
      deployments(first: 5, environments: [$env]) { nodes { id databaseId state task payload creator { login } } }
      associatedPullRequests(first: 5) { totalCount nodes {
        id number merged mergedAt mergedBy { login __typename } baseRefName headRefName headRefOid isCrossRepository
        author { login __typename } mergeCommit { oid } reviewDecision
        latestOpinionatedReviews(first: 20, writersOnly: true) { nodes { state submittedAt authorAssociation author { login __typename } commit { oid } } }
      } }
    } }
  }
}`;

describe("Q2 proves a merge", () => {
  test.each(["merge", "squash", "rebase"] as const)("by %s", async (method) => {
    at.github.owner("acme").setRules(NAME, [{ pattern: "main", approvals: 1, protected: true }]);
    const { number, head } = opened(await open());
    at.github.as("alice").approve(NAME, number);
    at.github.as("eve").approve(NAME, number);
    const sha = at.github.as("bob").merge(NAME, number, { method });
    const deployment = {
      ...{ owner: "acme", repo: "config", ref: sha, task: "deploy", environment: "prod" },
      auto_merge: false,
    };
    await at.octokit.rest.repos.createDeployment({
      ...deployment,
      required_contexts: [],
      payload: { pullRequest: number },
    });
    const variables = { owner: "acme", sha, shaRef: sha, base: "refs/heads/main", env: "prod", p0: FILE };
    expect(await at.graphql(PROVENANCE, { ...variables, name: "config" })).toMatchObject({
      repository: {
        base: {
          target: { oid: sha },
          compare: { status: "IDENTICAL", aheadBy: 0, behindBy: 0 },
          refUpdateRule: { viewerCanPush: false, requiredApprovingReviewCount: 1 },
        },
        object: {
          signature: method === "rebase" ? null : { isValid: true, wasSignedByGitHub: true },
          f0: { object: { text: "version: 2\n" } },
          deployments: {
            nodes: [{ task: "deploy", payload: JSON.stringify({ pullRequest: number }), state: "PENDING" }],
          },
          associatedPullRequests: {
            totalCount: 1,
            nodes: [
              {
                number,
                merged: true,
                mergedBy: { login: "bob", __typename: "User" },
                mergeCommit: { oid: sha },
                headRefOid: head,
                reviewDecision: "APPROVED",
                latestOpinionatedReviews: {
                  nodes: [{ state: "APPROVED", author: { login: "alice" }, commit: { oid: head } }],
                },
              },
            ],
          },
        },
      },
    });
  });
});

test("Q3, Q4 and Q5 audit, check the rules and find missed merges", async () => {
  const { number } = opened(await open());
  const sha = at.github.as("alice").merge(NAME, number);
  const direct = at.github.as("bob").push(NAME, { branch: "main", files: { x: "1" } });
  const range = await at.graphql(
    `query PushRange($owner: String!, $name: String!, $after: GitObjectID!, $n: Int = 50) {
      rateLimit { cost remaining }
      repository(owner: $owner, name: $name) { object(oid: $after) { ... on Commit { history(first: $n) { nodes {
        oid parents(first: 2) { nodes { oid } }
        associatedPullRequests(first: 3) { nodes { number merged mergedAt baseRefName headRefName isCrossRepository mergeCommit { oid } mergedBy { login } reviewDecision } }
      } } } } }
    }`,
    { owner: "acme", after: direct, ...{ name: "config" } },
  );
  expect(range).toMatchObject({
    repository: {
      object: {
        history: {
          nodes: [
            { oid: direct, associatedPullRequests: { nodes: [] } },
            { oid: sha, associatedPullRequests: { nodes: [{ number }] } },
            { associatedPullRequests: { nodes: [{ number }] } },
            { associatedPullRequests: { nodes: [] } },
          ],
        },
      },
    },
  });
  const since = await at.graphql(
    `query MergedSince($owner: String!, $name: String!, $base: String!, $n: Int = 30) {
      rateLimit { cost remaining }
      repository(owner: $owner, name: $name) { pullRequests(baseRefName: $base, states: [MERGED], first: $n, orderBy: { field: UPDATED_AT, direction: DESC }) {
        nodes { number mergedAt headRefName isCrossRepository author { login __typename } mergeCommit { oid deployments(first: 3) { nodes { environment state } } } }
      } }
    }`,
    { owner: "acme", base: "main", ...{ name: "config" } },
  );
  expect(since).toMatchObject({
    repository: { pullRequests: { nodes: [{ number, mergeCommit: { oid: sha } }] } },
  });
  const rules = await at.graphql(
    `query BaseRules($owner: String!, $name: String!, $base: String!) { repository(owner: $owner, name: $name) {
      viewerDefaultMergeMethod autoMergeAllowed squashMergeAllowed mergeCommitAllowed rebaseMergeAllowed deleteBranchOnMerge
      mergeQueue(branch: "main") { id configuration { mergeMethod mergingStrategy } entries(first: 1) { totalCount } }
      ref(qualifiedName: $base) {
        refUpdateRule { allowsDeletions allowsForcePushes requiredApprovingReviewCount requiredStatusCheckContexts requiresCodeOwnerReviews
          requiresConversationResolution requiresLinearHistory requiresSignatures viewerCanPush viewerAllowedToDismissReviews blocksCreations pattern }
        rules(first: 50) { nodes { type repositoryRuleset { name enforcement } parameters { __typename } } }
      }
    } }`,
    { owner: "acme", base: "refs/heads/main", ...{ name: "config" } },
  );
  expect(rules).toMatchObject({
    repository: { mergeQueue: null, ref: { refUpdateRule: null, rules: { nodes: [] } } },
  });
});

test("deployments and their statuses by GraphQL", async () => {
  const { repository } = await at.graphql<{ repository: { id: string; ref: { id: string } } }>(
    `{ repository(owner: "acme", name: "config") { id ref(qualifiedName: "main") { id } } }`,
  );
  const { createDeployment } = await at.graphql<{ createDeployment: { deployment: { id: string } } }>(
    `mutation Deploy($d: CreateDeploymentInput!) { createDeployment(input: $d) { autoMerged deployment { id databaseId commitOid environment state task } } }`,
    {
      d: { repositoryId: repository.id, refId: repository.ref.id, environment: "dev", requiredContexts: [] },
    },
  );
  expect(createDeployment).toMatchObject({
    autoMerged: false,
    deployment: { environment: "dev", state: "PENDING", task: "deploy" },
  });
  const status = await at.graphql(
    `mutation DeployStatus($s: CreateDeploymentStatusInput!) { createDeploymentStatus(input: $s) { deploymentStatus { id state environmentUrl } } }`,
    {
      s: {
        deploymentId: createDeployment.deployment.id,
        state: "SUCCESS",
        environmentUrl: "https://dev.example.com",
      },
    },
  );
  expect(status).toMatchObject({
    createDeploymentStatus: {
      deploymentStatus: { state: "SUCCESS", environmentUrl: "https://dev.example.com" },
    },
  });
});

afterEach(() => {
  expect(at.github.unmodelled).toEqual([]);
  expect(at.github.requests.unknown).toEqual([]);
});
