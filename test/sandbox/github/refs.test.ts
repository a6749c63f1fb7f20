// What happens to branches, and to the pull requests that stand on them.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ABOUT, commitInput, errorsOf, NAME, type Setup, setUp, statusOf } from "./setup.ts";

let at: Setup;
beforeEach(async () => {
  at = await setUp();
});
afterEach(() => at.github.close());

const COMMIT = `mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }`;

function main(): string {
  return at.repository.branch("main") ?? "";
}

function createRef(name: string, sha = main()) {
  return at.octokit.rest.git.createRef({ ...ABOUT, ref: `refs/heads/${name}`, sha });
}

function events(): string[] {
  return at.github.webhooks.deliveries.map(({ event, action }) =>
    action === undefined ? event : `${event}.${action}`,
  );
}

describe("createCommitOnBranch", () => {
  test("writes as the bot, signed, with mode 100644 whatever the mode was", async () => {
    at.github
      .as("alice")
      .push(NAME, { branch: "main", files: { "run.sh": { contents: "1", mode: "100755" } } });
    await at.graphql(COMMIT, {
      input: commitInput({ branch: "main", head: main(), files: { "run.sh": "2", "README.md": null } }),
    });
    const { data } = await at.octokit.rest.git.getTree({ ...ABOUT, tree_sha: "main" });
    expect(data.tree.map(({ path, mode }) => `${mode} ${path}`)).toEqual(["040000 dev", "100644 run.sh"]);
    const { data: commit } = await at.octokit.rest.repos.getCommit({ ...ABOUT, ref: "main" });
    expect(commit.author?.login).toBe("chart-promoter[bot]");
    expect(commit.commit.committer?.name).toBe("GitHub");
    expect(commit.commit.verification?.verified).toBe(true);
  });

  test.each([
    ["deleting what is not there", { files: { missing: null } }, /deletion which does not exist/],
    ["a path out of the tree", { files: { "../etc/passwd": "x" } }, /not valid/],
    [
      "a workflow without its permission",
      { files: { ".github/workflows/ci.yml": "x" } },
      /Resource not accessible/,
    ],
    ["a branch that is not there", { branch: "none", files: { a: "x" } }, /Could not resolve to a branch/],
  ])("refuses %s", async (_, input, message) => {
    const head = main();
    const [error] = await errorsOf(
      at.graphql(COMMIT, { input: commitInput({ branch: "main", head, ...input }) }),
    );
    expect(error).toMatch(message);
    expect(main()).toBe(head);
  });
});

describe("names of branches", () => {
  test.each(["a..b", "a b", "a~b", "a.lock", "/a", "a//b", "a@{b", ".a", "a\\b"])(
    "%s is refused",
    async (name) => {
      expect(await statusOf(createRef(name))).toBe(422);
    },
  );

  test("a branch cannot be a folder of another", async () => {
    await createRef("promote/app");
    await expect(createRef("promote/app/prod")).rejects.toThrow("Ref cannot be created");
    await expect(createRef("promote")).rejects.toThrow("Ref cannot be created");
  });

  test("what exists is not created again, what is no commit is not created", async () => {
    await createRef("topic");
    await expect(createRef("topic")).rejects.toThrow("Reference already exists");
    await expect(createRef("other", "1".repeat(40))).rejects.toThrow("Object does not exist");
  });
});

test("only a fast forward moves a ref without force", async () => {
  const root = main();
  const topic = at.github.as("alice").push(NAME, { branch: "topic", files: { a: "1" } });
  at.github.as("alice").push(NAME, { branch: "main", files: { b: "1" } });
  const update = { ...ABOUT, ref: "heads/main", sha: topic };
  await expect(at.octokit.rest.git.updateRef(update)).rejects.toThrow("Update is not a fast forward");
  await at.octokit.rest.git.updateRef({ ...update, force: true });
  expect(main()).toBe(topic);
  expect(root).not.toBe(topic);
  await expect(at.octokit.rest.git.deleteRef({ ...ABOUT, ref: "heads/main" })).rejects.toThrow(
    "default branch",
  );
});

describe("a pull request", () => {
  let number: number;
  beforeEach(() => {
    at.github.as("alice").push(NAME, { branch: "topic", files: { a: "1" } });
    number = at.github.as("alice").openPullRequest(NAME, { head: "topic", title: "Topic" });
  });

  test("is closed by GitHub when its branch is reset to its base, and a commit afterwards does not reopen it", async () => {
    await at.octokit.rest.git.updateRef({ ...ABOUT, ref: "heads/topic", sha: main(), force: true });
    expect(at.repository.pull(number)).toMatchObject({ state: "closed" });
    expect(at.repository.pull(number)?.merge).toBeUndefined();
    await at.graphql(COMMIT, { input: commitInput({ branch: "topic", head: main(), files: { a: "2" } }) });
    expect(at.repository.pull(number)).toMatchObject({ state: "closed" });
    expect(events().slice(-4)).toEqual([
      "pull_request.synchronize",
      "pull_request.closed",
      "push",
      "check_suite.requested",
    ]);
  });

  test("is closed when its branch is deleted, and reopens when the branch is back", () => {
    const head = at.repository.branch("topic") ?? "";
    at.github.as("alice").deleteBranch(NAME, "topic");
    expect(at.repository.pull(number)?.state).toBe("closed");
    expect(() => at.github.as("alice").reopen(NAME, number)).toThrow("Could not open the pull request.");
    at.github.as("alice").pushCommit(NAME, { branch: "topic", to: head });
    at.github.as("alice").reopen(NAME, number);
    expect(at.repository.pull(number)?.state).toBe("open");
  });

  test("has been merged when its commits are pushed to the base by hand", () => {
    const sha = at.github.as("bob").mergeLocallyAndPush(NAME, { branch: "topic" });
    at.github.as("bob").push(NAME, { branch: "main", files: { later: "1" } });
    expect(at.repository.pull(number)).toMatchObject({
      state: "closed",
      merge: { oid: sha, by: { login: "bob" } },
    });
  });

  test("has been merged at the commit that brought it, also when more was pushed with it", () => {
    const bob = at.github.as("bob");
    bob.push(NAME, { branch: "side", files: { before: "1" } });
    const sha = bob.mergeLocallyAndPush(NAME, { branch: "topic", into: "side" });
    bob.pushCommit(NAME, { branch: "main", to: bob.push(NAME, { branch: "side", files: { after: "1" } }) });
    expect(at.repository.pull(number)?.merge?.oid).toBe(sha);
  });

  test("is one for each head and base, and needs commits", async () => {
    const opening = { ...ABOUT, title: "Again", head: "topic", base: "main" };
    await expect(at.octokit.rest.pulls.create(opening)).rejects.toThrow(
      "A pull request already exists for acme:topic.",
    );
    await createRef("empty");
    await expect(at.octokit.rest.pulls.create({ ...opening, head: "empty" })).rejects.toThrow(
      "No commits between main and empty",
    );
    expect(await statusOf(at.octokit.rest.pulls.create({ ...opening, head: "none" }))).toBe(422);
  });

  test("conflicts when both sides changed the same line", async () => {
    at.github.as("bob").push(NAME, { branch: "main", files: { a: "2" } });
    const { data } = await at.octokit.rest.pulls.get({ ...ABOUT, pull_number: number });
    expect(data.mergeable).toBe(false);
    expect(() => at.github.as("alice").merge(NAME, number)).toThrow("Pull Request is not mergeable");
  });
});

describe("rules of a branch", () => {
  test("bind everybody who is not on the bypass list", async () => {
    at.github.owner("acme").setRules(NAME, [
      { pattern: "main", protected: true, bypass: ["alice"] },
      { pattern: "locked/*", blocksCreations: true },
    ]);
    const input = commitInput({ branch: "main", head: main(), files: { a: "1" } });
    expect(await errorsOf(at.graphql(COMMIT, { input }))).toEqual([
      "UNPROCESSABLE: Repository rule violations found\n\nChanges must be made through a pull request.",
    ]);
    await expect(createRef("locked/one")).rejects.toThrow(
      "Cannot create ref due to creations being restricted.",
    );
    at.github.as("alice").push(NAME, { branch: "main", files: { a: "1" } });
    expect(() => at.github.as("bob").push(NAME, { branch: "main", files: { a: "2" } })).toThrow(
      "rule violations",
    );
  });
});

test("an archived repository refuses every write and is still read", async () => {
  at.github.owner("acme").archive(NAME);
  const input = commitInput({ branch: "main", head: main(), files: { a: "1" } });
  expect(await errorsOf(at.graphql(COMMIT, { input }))).toEqual([
    "FORBIDDEN: Repository was archived so is read-only.",
  ]);
  expect(await statusOf(createRef("topic"))).toBe(403);
  expect(await statusOf(at.octokit.rest.issues.create({ ...ABOUT, title: "t" }))).toBe(403);
  expect(() => at.github.as("alice").push(NAME, { branch: "main", files: { a: "1" } })).toThrow("archived");
  expect((await at.octokit.rest.repos.get(ABOUT)).data.archived).toBe(true);
});

test("a renamed repository is found under its old name, by REST through a redirect", async () => {
  at.github.owner("acme").rename(NAME, "settings");
  const { data } = await at.octokit.rest.repos.get(ABOUT);
  expect(data.full_name).toBe("acme/settings");
  const issue = await at.octokit.rest.issues.create({ ...ABOUT, title: "sent again after a 307" });
  expect(issue.data.title).toBe("sent again after a 307");
  const redirects = at.github.requests.all.filter(({ status }) => status === 301 || status === 307);
  expect(redirects.map(({ status }) => status)).toEqual([301, 307]);
  const found = `{ repository(owner: "acme", name: "config") { nameWithOwner } }`;
  expect(await at.graphql(found)).toEqual({ repository: { nameWithOwner: "acme/settings" } });
  const strict = `{ repository(owner: "acme", name: "config", followRenames: false) { nameWithOwner } }`;
  expect(await errorsOf(at.graphql(strict))).toHaveLength(1);
});
