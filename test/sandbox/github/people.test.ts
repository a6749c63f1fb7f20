// What people and GitHub itself do: merging in every way, forks, queues, auto-merge, transfers.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ABOUT, NAME, type Setup, setUp } from "./setup.ts";

let at: Setup;
beforeEach(async () => {
  at = await setUp();
});
afterEach(() => at.github.close());

function proposal(branch: string, file = branch): number {
  const alice = at.github.as("alice");
  alice.push(NAME, { branch, files: { [file]: "1" }, message: `First of ${branch}` });
  alice.push(NAME, { branch, files: { [`${file}.2`]: "2" }, message: `Second of ${branch}` });
  return alice.openPullRequest(NAME, { head: branch, title: `Change ${branch}` });
}

function log(count: number): { message: string; parents: number; author: string; committer: string }[] {
  const { objects } = at.repository;
  const commits = [];
  for (let oid = at.repository.branch("main"); oid !== undefined && commits.length < count; ) {
    const { message, parents, author, committer } = objects.mustCommit(oid);
    commits.push({ message, parents: parents.length, author: author.name, committer: committer.name });
    oid = parents[0];
  }
  return commits;
}

describe("the merge button", () => {
  beforeEach(() => {
    const number = proposal("topic");
    at.github.as("bob").push(NAME, { branch: "main", files: { between: "1" } });
    expect(number).toBe(1);
  });

  test("stands on the page of what is open, and merges, once", async () => {
    const page = `${at.github.url}/${NAME}/pull/1`;
    const html = await (await fetch(page)).text();
    const action = /<form method="post" action="([^"]+)"><button>Merge pull request<\/button><\/form>/.exec(
      html,
    )?.[1];
    expect(action).toBe(`/${NAME}/pull/1/merge`);
    const pressed = await fetch(`${at.github.url}${action}`, { method: "POST" });
    expect([pressed.status, pressed.redirected, pressed.url]).toEqual([200, true, page]);
    const merged = await pressed.text();
    expect(merged).toContain('<span class="state merged">merged</span>');
    expect(merged).not.toContain("<form");
    const second = await fetch(`${at.github.url}${action}`, { method: "POST" });
    expect([second.status, await second.text()]).toEqual([
      409,
      expect.stringContaining("<h1>Not merged</h1>"),
    ]);
    expect(log(1)[0]?.parents).toBe(2);
  });

  test("makes a merge commit", () => {
    at.github.as("bob").merge(NAME, 1);
    expect(log(1)).toEqual([
      {
        message: "Merge pull request #1 from acme/topic\n\nChange topic",
        parents: 2,
        author: "bob",
        committer: "GitHub",
      },
    ]);
  });

  test("squashes into one commit of the author", () => {
    at.github.as("bob").merge(NAME, 1, { method: "squash" });
    expect(log(1)).toEqual([
      {
        message: "Change topic (#1)\n\n* First of topic\n\n* Second of topic",
        ...{ parents: 1, author: "alice", committer: "GitHub" },
      },
    ]);
  });

  test("rebases each commit, unsigned", () => {
    const sha = at.github.as("bob").merge(NAME, 1, { method: "rebase" });
    expect(log(3)).toMatchObject([
      { message: "Second of topic", parents: 1, author: "alice", committer: "bob" },
      { message: "First of topic" },
      { message: "Change between" },
    ]);
    expect(at.repository.objects.mustCommit(sha).signature).toBeUndefined();
    expect(at.repository.pull(1)?.merge?.oid).toBe(sha);
  });

  test("rebases to new commits, also where the base has not moved and nobody waited", () => {
    const head = at.repository.branch("topic");
    at.github
      .as("alice")
      .pushCommit(NAME, { branch: "main", to: at.repository.pull(1)?.base.oid ?? "", force: true });
    const sha = at.github.as("alice").merge(NAME, 1, { method: "rebase" });
    expect(sha).not.toBe(head);
    expect(log(2)).toMatchObject([{ message: "Second of topic" }, { message: "First of topic" }]);
  });

  test("deletes the branch where that is set, and never merges twice", () => {
    at.github.owner("acme").changeSettings(NAME, { deleteBranchOnMerge: true });
    at.github.as("bob").merge(NAME, 1);
    expect(at.repository.branch("topic")).toBeUndefined();
    expect(() => at.github.as("bob").merge(NAME, 1)).toThrow("not mergeable");
  });

  test("waits for reviews and checks that the rules ask for", async () => {
    at.github
      .owner("acme")
      .setRules(NAME, [
        { pattern: "main", approvals: 1, requiredChecks: ["chart-promoter"], protected: true },
      ]);
    const bob = at.github.as("bob");
    expect(() => bob.merge(NAME, 1)).toThrow("approving review");
    bob.approve(NAME, 1);
    expect(() => bob.merge(NAME, 1)).toThrow("chart-promoter");
    const head_sha = at.repository.pull(1)?.head.oid ?? "";
    await at.octokit.rest.checks.create({
      ...ABOUT,
      name: "chart-promoter",
      head_sha,
      conclusion: "success",
    });
    bob.review(NAME, 1, { state: "CHANGES_REQUESTED", body: "no" });
    expect(() => bob.merge(NAME, 1)).toThrow("approving review");
    bob.approve(NAME, 1);
    bob.merge(NAME, 1);
    expect(() => at.github.as("alice").approve(NAME, 1)).toThrow("own pull request");
  });
});

test("auto-merge waits for the last requirement, and is refused where nothing is waited for", async () => {
  const number = proposal("topic");
  const { data } = await at.octokit.rest.pulls.get({ ...ABOUT, pull_number: number });
  const enable = () =>
    at.graphql(
      `mutation { enablePullRequestAutoMerge(input: { pullRequestId: "${data.node_id}", mergeMethod: REBASE }) { pullRequest { autoMergeRequest { mergeMethod } } } }`,
    );
  at.github.owner("acme").setRules(NAME, [{ pattern: "main", requiredChecks: ["ci"] }]);
  const check = { ...ABOUT, name: "ci", head_sha: data.head.sha };
  await at.octokit.rest.checks.create({ ...check, conclusion: "success" });
  await expect(enable()).rejects.toThrow("Pull request Pull request is in clean status");
  await at.octokit.rest.checks.create({ ...check, status: "in_progress" });
  await enable();
  expect(at.repository.pull(number)?.autoMerge).toMatchObject({ method: "rebase" });
  await at.octokit.rest.checks.create({ ...check, conclusion: "success" });
  expect(at.repository.pull(number)?.merge?.by.login).toBe("chart-promoter[bot]");
  expect(at.github.requests.merges).toEqual([]);
});

describe("the merge queue", () => {
  test("builds a group, asks for its checks, and merges it at once", () => {
    const numbers = [proposal("one"), proposal("two")];
    const group = at.github.as("bob").mergeQueue(NAME, numbers, "squash");
    expect(group.branch).toMatch(/^gh-readonly-queue\/main\/pr-2-[0-9a-f]{40}$/);
    expect(at.repository.branch(group.branch)).toBe(group.headOid);
    expect(numbers.map((number) => at.repository.pull(number)?.queued)).toEqual([true, true]);
    at.github.as("bob").mergeGroup(NAME, group);
    expect(log(2).map(({ message }) => message.split("\n")[0])).toEqual([
      "Change two (#2)",
      "Change one (#1)",
    ]);
    expect(numbers.map((number) => at.repository.pull(number)?.merge?.oid)).toEqual(
      group.members.map(({ oid }) => oid),
    );
    expect(at.repository.branch(group.branch)).toBeUndefined();
    const deliveries = at.github.webhooks.deliveries.filter(({ event }) => event === "merge_group");
    expect(deliveries.map(({ action }) => action)).toEqual(["checks_requested", "destroyed"]);
    expect(deliveries[0]?.payload).toMatchObject({
      merge_group: {
        head_sha: group.headOid,
        head_ref: `refs/heads/${group.branch}`,
        base_ref: "refs/heads/main",
        base_sha: group.baseOid,
      },
    });
    const pushes = at.github.webhooks.deliveries
      .filter(({ event }) => event === "push")
      .map(({ payload }) => payload);
    expect(pushes).toContainEqual(expect.objectContaining({ ref: "refs/heads/main", after: group.headOid }));
  });

  test("drops a group whose checks failed, and a pull request that is pushed to", () => {
    const [one, two] = [proposal("one"), proposal("two")];
    at.github.as("bob").dropGroup(NAME, at.github.as("bob").mergeQueue(NAME, [one]));
    expect(at.repository.pull(one)).toMatchObject({ state: "open", queued: false });
    at.github.as("bob").mergeQueue(NAME, [two]);
    at.github.as("alice").push(NAME, { branch: "two", files: { more: "1" } });
    expect(at.repository.pull(two)?.queued).toBe(false);
  });
});

test("a fork's pull request is known as one", async () => {
  const fork = at.github.owner("carol").fork(NAME);
  const carol = at.github.as("carol");
  carol.push("carol/config", { branch: "promote/dev/xposer", files: { a: "1" } });
  const number = carol.openPullRequest(NAME, { head: "carol:promote/dev/xposer", title: "From outside" });
  const query = `{ repository(owner: "acme", name: "config") { pullRequest(number: ${number}) { isCrossRepository headRefName headRepository { nameWithOwner } } } }`;
  expect(await at.graphql(query)).toEqual({
    repository: {
      pullRequest: {
        isCrossRepository: true,
        headRefName: "promote/dev/xposer",
        headRepository: { nameWithOwner: "carol/config" },
      },
    },
  });
  carol.push("carol/config", { branch: "promote/dev/xposer", files: { a: "2" } });
  expect(at.repository.pull(number)?.head.oid).toBe(fork.branch("promote/dev/xposer"));
  at.github.as("bob").merge(NAME, number);
  expect(at.repository.pull(number)?.merge).toBeDefined();
});

test("a transferred repository is told to its new owner's installation only", () => {
  at.github.world.account("umbrella", "Organization");
  const next = at.github.install({ account: "umbrella", repositories: "all" });
  at.github.owner("acme").transfer(NAME, "umbrella");
  const deliveries = at.github.webhooks.deliveries.filter(({ action }) => action === "transferred");
  expect(deliveries.map(({ installationId, repository }) => [installationId, repository])).toEqual([
    [next.id, "umbrella/config"],
  ]);
});

test("a person reads a pull request as a page, with nothing of it taken for HTML", async () => {
  at.github.as("alice").push(NAME, { branch: "topic", files: { "a<b>": "<script>1</script>\n" } });
  const number = at.github
    .as("alice")
    .openPullRequest(NAME, { head: "topic", title: "A & <B>", body: "<img src=x>" });
  at.github.as("bob").comment(NAME, number, "<b>bold</b>");
  const response = await fetch(`${at.github.url}/${NAME}/pull/${number}`);
  const html = await response.text();
  expect(response.headers.get("content-type")).toContain("text/html");
  expect(html).toContain("A &amp; &lt;B&gt;");
  expect(html).toContain("&lt;img src=x&gt;");
  expect(html).toContain("+&lt;script&gt;1&lt;/script&gt;");
  expect(html).not.toMatch(/<(img|script|b>bold)/);
  expect(await (await fetch(at.github.url)).text()).toContain(`href="/${NAME}/pull/${number}"`);
  expect((await fetch(`${at.github.url}/${NAME}/pull/99`)).status).toBe(404);
  expect(at.github.requests.all).toEqual([]);
});
