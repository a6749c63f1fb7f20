// REST as the server uses it, asked by the real Octokit.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ABOUT, NAME, type Setup, setUp, statusOf } from "./setup.ts";

let at: Setup;
beforeEach(async () => {
  at = await setUp();
});
afterEach(() => at.github.close());

function main(): string {
  return at.repository.branch("main") ?? "";
}

test("git data: a blob, a tree with modes and a deletion, a signed commit, a ref", async () => {
  const { git } = at.octokit.rest;
  const blob = await git.createBlob({
    ...ABOUT,
    encoding: "base64",
    content: Buffer.from("#!/bin/sh\n").toString("base64"),
  });
  const base = await git.getCommit({ ...ABOUT, commit_sha: main() });
  const tree = await git.createTree({
    ...ABOUT,
    base_tree: base.data.tree.sha,
    tree: [
      { path: "run.sh", mode: "100755", type: "blob", sha: blob.data.sha },
      { path: "README.md", mode: "100644", type: "blob", sha: null },
      { path: "dev/values.yaml", mode: "100644", type: "blob", content: "a: 1\n" },
    ],
  });
  const commit = await git.createCommit({ ...ABOUT, message: "m", tree: tree.data.sha, parents: [main()] });
  expect(commit.data.verification).toMatchObject({ verified: true, reason: "valid" });
  await git.createRef({ ...ABOUT, ref: "refs/heads/topic", sha: commit.data.sha });
  const listed = await git.getTree({ ...ABOUT, tree_sha: "topic", recursive: "1" });
  expect(listed.data.tree.map(({ path, mode }) => `${mode} ${path}`)).toEqual([
    "100644 dev/requirements.yaml",
    "100644 dev/values.yaml",
    "100755 run.sh",
  ]);
  const missing = { path: "none", mode: "100644", type: "blob", sha: null } as const;
  await expect(git.createTree({ ...ABOUT, base_tree: base.data.tree.sha, tree: [missing] })).rejects.toThrow(
    "BadObjectState",
  );
  const author = { name: "x", email: "x@example.com" };
  const own = await git.createCommit({
    ...ABOUT,
    message: "m",
    tree: tree.data.sha,
    parents: [main()],
    author,
  });
  expect(own.data.verification).toMatchObject({ verified: false, reason: "unsigned" });
});

test("a blob is read as base64 and raw, a file by its path at any ref", async () => {
  const { data } = await at.octokit.rest.repos.getContent({ ...ABOUT, path: "dev/requirements.yaml" });
  if (Array.isArray(data) || data.type !== "file" || !("content" in data)) throw new Error("not a file");
  expect(Buffer.from(data.content, "base64").toString()).toContain("xposer");
  const blob = await at.octokit.rest.git.getBlob({ ...ABOUT, file_sha: data.sha });
  expect(blob.data.content).toBe(data.content);
  const raw = await at.octokit.request("GET /repos/{owner}/{repo}/git/blobs/{sha}", {
    ...{ ...ABOUT, sha: data.sha },
    headers: { accept: "application/vnd.github.raw+json" },
  });
  expect(String(raw.data)).toContain("xposer");
  expect(await statusOf(at.octokit.rest.repos.getContent({ ...ABOUT, path: "none" }))).toBe(404);
});

test("issues, comments, reactions and labels", async () => {
  const { issues, reactions } = at.octokit.rest;
  const { data: issue } = await issues.create({ ...ABOUT, title: "Broken", body: "b", labels: ["new"] });
  await issues.update({ ...ABOUT, issue_number: issue.number, title: "Still broken" });
  const { data: comment } = await issues.createComment({ ...ABOUT, issue_number: issue.number, body: "one" });
  await issues.updateComment({ ...ABOUT, comment_id: comment.id, body: "two" });
  const reacted = await reactions.createForIssueComment({ ...ABOUT, comment_id: comment.id, content: "+1" });
  const second = await reactions.createForIssueComment({ ...ABOUT, comment_id: comment.id, content: "+1" });
  expect([reacted.status, second.status]).toEqual([201, 200]);
  await issues.addLabels({ ...ABOUT, issue_number: issue.number, labels: ["second"] });
  await issues.removeLabel({ ...ABOUT, issue_number: issue.number, name: "new" });
  await issues.update({ ...ABOUT, issue_number: issue.number, state: "closed" });
  const { data: all } = await issues.listForRepo({ ...ABOUT, state: "all", labels: "second" });
  expect(all).toMatchObject([
    { title: "Still broken", state: "closed", labels: [{ name: "second" }], comments: 1 },
  ]);
  const theirs = at.github.as("alice").comment(NAME, issue.number, "mine");
  expect(await statusOf(issues.updateComment({ ...ABOUT, comment_id: theirs, body: "taken over" }))).toBe(
    403,
  );
});

test("titles and bodies have their limits, and a pull request is edited as an issue too", async () => {
  at.github.as("alice").push(NAME, { branch: "topic", files: { a: "1" } });
  const pull = { ...ABOUT, head: "topic", base: "main" };
  const { pulls, issues } = at.octokit.rest;
  await expect(pulls.create({ ...pull, title: "t", body: "x".repeat(65_537) })).rejects.toThrow(
    "Body is too long",
  );
  await expect(pulls.create({ ...pull, title: "x".repeat(257) })).rejects.toThrow("Title is too long");
  const { data } = await pulls.create({ ...pull, title: "t", body: "\u{1f680}".repeat(65_536) });
  await issues.update({
    ...ABOUT,
    issue_number: data.number,
    state: "closed",
    title: "Closed",
    labels: ["hold"],
  });
  const { data: closed } = await pulls.get({ ...ABOUT, pull_number: data.number });
  expect(closed).toMatchObject({
    state: "closed",
    merged: false,
    title: "Closed",
    labels: [{ name: "hold" }],
  });
});

test("reviews are asked of people and teams with access, of nobody else", async () => {
  at.github.owner("acme").setTeams(NAME, ["platform"]);
  at.github.as("alice").push(NAME, { branch: "topic", files: { a: "1" } });
  const pull_number = at.github.as("alice").openPullRequest(NAME, { head: "topic", title: "Topic" });
  const { requestReviewers } = at.octokit.rest.pulls;
  const { data } = await requestReviewers({
    ...ABOUT,
    pull_number,
    reviewers: ["bob"],
    team_reviewers: ["platform"],
  });
  expect(data).toMatchObject({
    requested_reviewers: [{ login: "bob" }],
    requested_teams: [{ slug: "platform" }],
  });
  at.github.as("stranger");
  for (const wrong of [
    { reviewers: ["stranger"] },
    { reviewers: ["nobody"] },
    { team_reviewers: ["others"] },
    { reviewers: ["alice"] },
  ])
    expect(await statusOf(requestReviewers({ ...ABOUT, pull_number, ...wrong }))).toBe(422);
});

test("what a person may do is asked of the API", async () => {
  const level = async (username: string) =>
    (await at.octokit.rest.repos.getCollaboratorPermissionLevel({ ...ABOUT, username })).data.permission;
  at.github.owner("acme").setPermission(NAME, "mia", "maintain");
  at.github.as("stranger");
  expect(await Promise.all(["alice", "eve", "mia", "stranger"].map(level))).toEqual([
    "write",
    "read",
    "write",
    "none",
  ]);
});

describe("deployments", () => {
  const plain = { ...ABOUT, environment: "prod", auto_merge: false, required_contexts: [] };

  test("of a commit, with statuses and what became of earlier ones", async () => {
    const { repos } = at.octokit.rest;
    const first = await repos.createDeployment({ ...plain, ref: main(), payload: { a: 1 } });
    const second = await repos.createDeployment({ ...plain, ref: main() });
    expect([first.status, second.status]).toEqual([201, 201]);
    for (const { data } of [first, second]) {
      if (!("id" in data)) throw new Error("no deployment");
      const status = {
        ...ABOUT,
        deployment_id: data.id,
        state: "success",
        log_url: "https://jenkins.example.com/1",
      } as const;
      await repos.createDeploymentStatus(status);
    }
    const { data: all } = await repos.listDeployments({ ...ABOUT, sha: main(), environment: "prod" });
    expect(all).toMatchObject([{ sha: main(), payload: {} }, { payload: { a: 1 } }]);
    const states = await Promise.all(
      all.map(async ({ id }) =>
        (await repos.listDeploymentStatuses({ ...ABOUT, deployment_id: id })).data.map(({ state }) => state),
      ),
    );
    expect(states).toEqual([["success"], ["inactive", "success"]]);
  });

  test("auto-merge the default branch into a branch behind it, unless told not to", async () => {
    at.github.as("alice").push(NAME, { branch: "topic", files: { a: "1" } });
    at.github.as("alice").push(NAME, { branch: "main", files: { b: "1" } });
    const { repos } = at.octokit.rest;
    expect((await repos.createDeployment({ ...ABOUT, ref: "topic" })).status).toBe(202);
    expect((await repos.createDeployment({ ...ABOUT, ref: "topic" })).status).toBe(201);
    at.github.as("alice").push(NAME, { branch: "main", files: { a: "2" } });
    expect(await statusOf(repos.createDeployment({ ...ABOUT, ref: "topic" }))).toBe(409);
    expect((await repos.createDeployment({ ...plain, ref: "topic" })).status).toBe(201);
  });

  test("wait for required contexts and refuse what is not there", async () => {
    const { repos, checks } = at.octokit.rest;
    expect(await statusOf(repos.createDeployment({ ...plain, ref: "1".repeat(40) }))).toBe(422);
    expect(await statusOf(repos.createDeployment({ ...plain, ref: main(), required_contexts: ["ci"] }))).toBe(
      409,
    );
    await checks.create({ ...ABOUT, name: "ci", head_sha: main(), conclusion: "success" });
    expect(await statusOf(repos.createDeployment({ ...plain, ref: main(), required_contexts: ["ci"] }))).toBe(
      201,
    );
  });
});

test("check runs take 50 annotations at a time and collect them", async () => {
  const { checks } = at.octokit.rest;
  const annotations = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      ...{ path: "dev/requirements.yaml", start_line: index + 1, end_line: index + 1, message: "m" },
      annotation_level: "warning" as const,
    }));
  const output = (count: number) => ({ title: "t", summary: "s", annotations: annotations(count) });
  const run = await checks.create({ ...ABOUT, name: "chart-promoter", head_sha: main(), output: output(50) });
  const update = { ...ABOUT, check_run_id: run.data.id };
  expect(await statusOf(checks.update({ ...update, output: output(51) }))).toBe(422);
  await checks.update({ ...update, conclusion: "failure", output: output(10) });
  const { data } = await checks.listForRef({ ...ABOUT, ref: main(), check_name: "chart-promoter" });
  expect(data.check_runs).toMatchObject([
    { status: "completed", conclusion: "failure", output: { annotations_count: 60 } },
  ]);
  expect(await statusOf(checks.create({ ...ABOUT, name: "x", head_sha: "1".repeat(40) }))).toBe(422);
});

test("pull requests: list, files, commits, comparison and the commit's own", async () => {
  const person = at.github.as("alice");
  person.push(NAME, {
    branch: "topic",
    files: { "dev/requirements.yaml": "version: 2\n", "README.md": null },
  });
  const number = person.openPullRequest(NAME, { head: "topic", title: "Topic" });
  const { pulls, repos } = at.octokit.rest;
  expect((await pulls.list({ ...ABOUT, head: "acme:topic" })).data.map((one) => one.number)).toEqual([
    number,
  ]);
  const { data: files } = await pulls.listFiles({ ...ABOUT, pull_number: number });
  expect(
    files.map(({ filename, status, additions, deletions }) => [filename, status, additions, deletions]),
  ).toEqual([
    ["README.md", "removed", 0, 1],
    ["dev/requirements.yaml", "modified", 1, 3],
  ]);
  expect(files[1]?.patch).toContain("+version: 2");
  const { data: compared } = await repos.compareCommitsWithBasehead({ ...ABOUT, basehead: "main...topic" });
  expect(compared).toMatchObject({ status: "ahead", ahead_by: 1, behind_by: 0 });
  const sha = at.github.as("bob").merge(NAME, number, { method: "squash" });
  const { data: owners } = await repos.listPullRequestsAssociatedWithCommit({ ...ABOUT, commit_sha: sha });
  expect(owners).toMatchObject([{ number, merge_commit_sha: sha }]);
});

test("the index from commits to pull requests lags as long as asked", async () => {
  let now = new Date("2026-01-01T00:00:00Z");
  await at.github.close();
  at = await setUp({ associationLagMs: 30_000, now: () => now });
  at.github.as("alice").push(NAME, { branch: "topic", files: { a: "1" } });
  const number = at.github.as("alice").openPullRequest(NAME, { head: "topic", title: "Topic" });
  const commit_sha = at.github.as("alice").merge(NAME, number, { method: "squash" });
  // The client would sign its JWT by the real clock, so the token is made here.
  const { token } = at.github.tokens.mint({
    kind: "installation",
    installationId: at.installation.id,
    permissions: at.installation.permissions,
    repositoryIds: undefined,
  });
  const headers = { authorization: `token ${token}` };
  const ask = async () => {
    const answer = await fetch(`${at.github.url}/repos/${NAME}/commits/${commit_sha}/pulls`, { headers });
    const body: unknown = await answer.json();
    return Array.isArray(body) ? body.length : -1;
  };
  expect(await ask()).toBe(0);
  now = new Date(now.getTime() + 30_000);
  expect(await ask()).toBe(1);
});

test("the same answer again is a 304 and costs nothing", async () => {
  const ref = { ...ABOUT, ref: "heads/main" };
  const first = await at.octokit.rest.git.getRef(ref);
  const remaining = () => at.octokit.rest.rateLimit.get().then(({ data }) => data.resources.core.remaining);
  const before = await remaining();
  const headers = { "if-none-match": first.headers.etag ?? "" };
  expect(await statusOf(at.octokit.rest.git.getRef({ ...ref, headers }))).toBe(304);
  expect(await remaining()).toBe(before);
  at.github.as("alice").push(NAME, { branch: "main", files: { a: "1" } });
  expect(await statusOf(at.octokit.rest.git.getRef({ ...ref, headers }))).toBe(200);
});

test("lists come in pages with links", async () => {
  for (let count = 0; count < 5; count++) at.github.as("alice").openIssue(NAME, { title: `Issue ${count}` });
  const all = await at.octokit.paginate(at.octokit.rest.issues.listForRepo, { ...ABOUT, per_page: 2 });
  expect(all).toHaveLength(5);
  expect(at.github.requests.counted).toHaveLength(3);
});

test("a merge over the API is recorded, by whichever API", async () => {
  at.github.as("alice").push(NAME, { branch: "topic", files: { a: "1" } });
  const pull_number = at.github.as("alice").openPullRequest(NAME, { head: "topic", title: "Topic" });
  expect(at.github.requests.merges).toEqual([]);
  await at.octokit.rest.pulls.merge({ ...ABOUT, pull_number });
  expect(at.github.requests.merges).toHaveLength(1);
});

test("an unknown route is a loud 501, with or without the prefix", async () => {
  expect(await statusOf(at.octokit.request("GET /repos/{owner}/{repo}/traffic/views", ABOUT))).toBe(501);
  expect((await fetch(`${at.github.url}/gists`)).status).toBe(501);
  expect(at.github.requests.unknown.map(({ path }) => path)).toEqual([
    "/repos/acme/config/traffic/views",
    "/gists",
  ]);
});
