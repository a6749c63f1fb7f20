// Rules of GitHub's GraphQL API that hold for every document.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { commitInput, errorsOf, NAME, type Setup, setUp } from "./setup.ts";

let at: Setup;
beforeAll(async () => {
  at = await setUp();
});
afterAll(() => at.github.close());

function repository(fields: string): string {
  return `{ repository(owner: "acme", name: "config") { ${fields} } }`;
}

describe("a document is refused as a whole", () => {
  test.each([
    ["an unknown field", repository("nope"), /Cannot query field "nope"/],
    ["a syntax error", "{ repository(", /Syntax Error/],
    [
      "a connection without a page size",
      repository("pullRequests { totalCount }"),
      /must provide a `first` or `last`/,
    ],
    [
      "a page of more than 100",
      repository("pullRequests(first: 101) { totalCount }"),
      /exceeds the `first` limit of 100/,
    ],
    ["a page of none", repository("pullRequests(first: 0) { totalCount }"), /cannot be less than 1/],
    ["an object id that is none", repository(`object(oid: "abc") { oid }`), /GitObjectID/],
  ])("%s", async (_, document, message) => {
    const [error] = await errorsOf(at.graphql(document));
    expect(error).toMatch(message);
  });

  test.each([
    ["contents that are no base64", { contents: "%%%" }, /Base64String/],
    ["an expected head that is no id", { expectedHeadOid: "main" }, /GitObjectID/],
  ])("%s", async (_, wrong, message) => {
    const document = `mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }`;
    const head = at.repository.branch("main") ?? "";
    const addition = { path: "a", contents: "contents" in wrong ? wrong.contents : "YQ==" };
    const input = {
      ...commitInput({ branch: "main", head, files: {} }),
      ...("expectedHeadOid" in wrong && wrong),
      fileChanges: { additions: [addition] },
    };
    const [error] = await errorsOf(at.graphql(document, { input }));
    expect(error).toMatch(message);
    expect(at.repository.branch("main")).toBe(head);
  });
});

test("the cost of a document is its connections, each page counted full, by the hundred", async () => {
  const nested = `pullRequests(first: 100) { nodes { labels(first: 50) { nodes { id } } comments(first: 10) { nodes { reactions(first: 5) { totalCount } } } } }`;
  const answer = await at.graphql<{ rateLimit: object }>(
    `{ rateLimit { cost nodeCount } repository(owner: "acme", name: "config") { ${nested} } }`,
  );
  // 1 + 100 + 100 + 1000 requests
  expect(answer.rateLimit).toEqual({ cost: 12, nodeCount: 100 + 5000 + 1000 + 5000 });
});

test("what a fragment asks for counts wherever it is spread", async () => {
  const answer = await at.graphql<{ rateLimit: object }>(
    `{ rateLimit { cost nodeCount } repository(owner: "acme", name: "config") {
      a: pullRequests(first: 100) { nodes { ...Labels } }
      b: pullRequests(first: 50) { nodes { ...Labels } } } }
    fragment Labels on PullRequest { labels(first: 10) { nodes { id } } }`,
  );
  // 2 + 100 + 50 requests
  expect(answer.rateLimit).toEqual({ cost: 2, nodeCount: 100 + 1000 + 50 + 500 });
});

test("more than 500,000 nodes are refused", async () => {
  const deep = `pullRequests(first: 100) { nodes { comments(first: 100) { nodes { reactions(first: 100) { totalCount } } } } }`;
  const [error] = await errorsOf(at.graphql(repository(deep)));
  expect(error).toMatch(/exceeds the maximum limit of 500,000/);
});

test("a field that is not modelled fails by name and is remembered", async () => {
  const errors = await errorsOf(at.graphql(repository("name stargazerCount")));
  expect(errors).toEqual(["NOT_MODELLED: Repository.stargazerCount is not modelled by the offline GitHub"]);
  expect(at.github.unmodelled).toEqual(["Repository.stargazerCount"]);
});

test("what is not there is null, and a repository that is not there an error", async () => {
  expect(
    await at.graphql(repository(`ref(qualifiedName: "refs/heads/none") { id } label(name: "none") { id }`)),
  ).toEqual({
    repository: { ref: null, label: null },
  });
  expect(await errorsOf(at.graphql(`{ repository(owner: "acme", name: "none") { id } }`))).toEqual([
    "NOT_FOUND: Could not resolve to a Repository with the name 'acme/none'.",
  ]);
  expect(await errorsOf(at.graphql(`{ node(id: "PR_bm9uZQ") { id } }`))).toEqual([
    "NOT_FOUND: Could not resolve to a node with the global id of 'PR_bm9uZQ'",
  ]);
});

test("a text is cut at 512,000 bytes, a binary has none", async () => {
  at.github.as("alice").push(NAME, {
    branch: "big",
    files: {
      "big.txt": "x".repeat(512_001),
      "whole.txt": "x".repeat(512_000),
      "data.bin": Buffer.from([0, 1, 2]),
    },
  });
  const blob = (path: string) =>
    `object(expression: "big:${path}") { ... on Blob { byteSize isBinary isTruncated text } }`;
  const { repository: found } = await at.graphql<{
    repository: { [alias: string]: { text: string | null } };
  }>(repository(`big: ${blob("big.txt")} whole: ${blob("whole.txt")} binary: ${blob("data.bin")}`));
  expect(found["big"]).toMatchObject({ byteSize: 512_001, isTruncated: true });
  expect(found["big"]?.text).toHaveLength(512_000);
  expect(found["whole"]).toMatchObject({ byteSize: 512_000, isTruncated: false });
  expect(found["binary"]).toEqual({ byteSize: 3, isBinary: true, isTruncated: false, text: null });
});

test("trees list their entries by full path, and pages follow cursors", async () => {
  const answer = await at.graphql(
    repository(
      `defaultBranchRef { target { ... on Commit { file(path: "dev") { type object { ... on Tree { entries { name path type } } } } } } }`,
    ),
  );
  expect(answer).toMatchObject({
    repository: {
      defaultBranchRef: {
        target: {
          file: {
            type: "tree",
            object: { entries: [{ name: "requirements.yaml", path: "dev/requirements.yaml", type: "blob" }] },
          },
        },
      },
    },
  });
  for (const name of ["a", "b", "c"]) at.github.as("alice").push(NAME, { branch: `page/${name}`, files: {} });
  const page = (args: string) =>
    repository(
      `refs(refPrefix: "refs/heads/page/", ${args}) { totalCount nodes { name } pageInfo { hasNextPage endCursor } }`,
    );
  const first = await at.graphql<{ repository: { refs: { pageInfo: { endCursor: string } } } }>(
    page("first: 2"),
  );
  expect(first.repository.refs).toMatchObject({
    totalCount: 3,
    nodes: [{ name: "page/a" }, { name: "page/b" }],
    pageInfo: { hasNextPage: true },
  });
  const next = await at.graphql(page(`first: 2, after: "${first.repository.refs.pageInfo.endCursor}"`));
  expect(next).toMatchObject({
    repository: { refs: { nodes: [{ name: "page/c" }], pageInfo: { hasNextPage: false } } },
  });
});

test("issues, comments, reactions and labels live by mutations", async () => {
  const { repository: found } = await at.graphql<{ repository: { id: string } }>(repository("id"));
  const opened = await at.graphql<{ createIssue: { issue: { id: string; number: number } } }>(
    `mutation($input: CreateIssueInput!) { createIssue(input: $input) { issue { id number author { login } } } }`,
    { input: { repositoryId: found.id, title: "Broken", body: "Problems" } },
  );
  const { id, number } = opened.createIssue.issue;
  const { addComment } = await at.graphql<{ addComment: { commentEdge: { node: { id: string } } } }>(
    `mutation($input: AddCommentInput!) { addComment(input: $input) { commentEdge { node { id body viewerDidAuthor } } subject { id } } }`,
    { input: { subjectId: id, body: "one" } },
  );
  const comment = addComment.commentEdge.node.id;
  await at.graphql(
    `mutation($edit: UpdateIssueCommentInput!, $reaction: AddReactionInput!, $issue: UpdateIssueInput!) {
      updateIssueComment(input: $edit) { issueComment { body } }
      addReaction(input: $reaction) { reaction { content } }
      updateIssue(input: $issue) { issue { title } }
      closeIssue(input: { issueId: "${id}" }) { issue { state } }
    }`,
    {
      edit: { id: comment, body: "two" },
      reaction: { subjectId: comment, content: "ROCKET" },
      issue: { id, title: "Broken still" },
    },
  );
  const shown = `issue(number: ${number}) { title state closedAt comments(last: 5) { nodes { body reactions(first: 5) { nodes { content } } } } }`;
  expect(await at.graphql(repository(shown))).toMatchObject({
    repository: {
      issue: {
        title: "Broken still",
        state: "CLOSED",
        comments: { nodes: [{ body: "two", reactions: { nodes: [{ content: "ROCKET" }] } }] },
      },
    },
  });
});

test("check runs by GraphQL add up to a rollup", async () => {
  const { repository: found } = await at.graphql<{ repository: { id: string } }>(repository("id"));
  const headSha = at.repository.branch("main");
  const input = { repositoryId: found.id, headSha, name: "chart-promoter", status: "IN_PROGRESS" };
  const { createCheckRun } = await at.graphql<{ createCheckRun: { checkRun: { id: string } } }>(
    `mutation($input: CreateCheckRunInput!) { createCheckRun(input: $input) { checkRun { id status } } }`,
    { input },
  );
  const rollup = repository(
    `defaultBranchRef { target { ... on Commit { statusCheckRollup { state contexts(first: 5) { nodes { ... on CheckRun { name conclusion annotations(first: 5) { nodes { path location { start { line } } } } } } } } } } }`,
  );
  expect(JSON.stringify(await at.graphql(rollup))).toContain(`"state":"PENDING"`);
  const annotation = {
    path: "a",
    location: { startLine: 3, endLine: 3 },
    annotationLevel: "WARNING",
    message: "m",
  };
  const output = { title: "t", summary: "s", annotations: [annotation] };
  await at.graphql(
    `mutation($input: UpdateCheckRunInput!) { updateCheckRun(input: $input) { checkRun { id } } }`,
    {
      input: {
        repositoryId: found.id,
        checkRunId: createCheckRun.checkRun.id,
        conclusion: "SUCCESS",
        output,
      },
    },
  );
  expect(await at.graphql(rollup)).toMatchObject({
    repository: {
      defaultBranchRef: {
        target: {
          statusCheckRollup: {
            state: "SUCCESS",
            contexts: {
              nodes: [
                { conclusion: "SUCCESS", annotations: { nodes: [{ location: { start: { line: 3 } } }] } },
              ],
            },
          },
        },
      },
    },
  });
});
