// Webhooks: what they say, how they are signed, and the trouble they can meet.

import { createServer, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { pino } from "pino";
import { Probot } from "probot";
import { ABOUT, NAME, type Setup, setUp } from "./setup.ts";

interface Received {
  readonly event: string;
  readonly id: string;
  readonly signature: string;
  readonly body: string;
}

const SECRET = "secret of the webhooks";
let received: Received[];
let status: number;
let server: Server;
let at: Setup;

beforeEach(async () => {
  received = [];
  status = 202;
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      const header = (name: string) => String(request.headers[name]);
      const [event, id, signature] = ["x-github-event", "x-github-delivery", "x-hub-signature-256"].map(
        header,
      );
      received.push({ event: event ?? "", id: id ?? "", signature: signature ?? "", body });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  at = await setUp();
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no address");
  at.github.webhooks.sendTo({ url: `http://127.0.0.1:${address.port}/hook`, secret: SECRET });
});

afterEach(async () => {
  await at.github.close();
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

async function settled(): Promise<string[]> {
  await at.github.webhooks.idle();
  return received.map(({ event, body }) => {
    const payload: { action?: string } = JSON.parse(body);
    return payload.action === undefined ? event : `${event}.${payload.action}`;
  });
}

function payload(name: string): unknown {
  const [event, action] = name.split(".");
  const found = received.findLast(
    (one) => one.event === event && (action === undefined || JSON.parse(one.body).action === action),
  );
  return found && JSON.parse(found.body);
}

test("are signed over the very bytes, with an id of their own", async () => {
  at.github.as("alice").push(NAME, { branch: "main", files: { a: "1" } });
  await settled();
  expect(received.length).toBeGreaterThan(0);
  const probot = new Probot({ githubToken: "unused", secret: SECRET, log: pino({ level: "silent" }) });
  await probot.ready();
  const { webhooks } = probot;
  for (const { body, signature } of received) {
    expect(await webhooks.verify(body, signature)).toBe(true);
    expect(await webhooks.verify(`${body} `, signature)).toBe(false);
  }
  expect(new Set(received.map(({ id }) => id)).size).toBe(received.length);
  expect(at.github.webhooks.attempts.map((attempt) => attempt.status)).toEqual(received.map(() => 202));
});

test("tell the life of a pull request in order", async () => {
  const alice = at.github.as("alice");
  alice.push(NAME, { branch: "topic", files: { a: "1" } });
  const number = alice.openPullRequest(NAME, { head: "topic", title: "Topic" });
  alice.editPullRequest(NAME, number, { title: "Better" });
  alice.label(NAME, number, "hold");
  alice.unlabel(NAME, number, "hold");
  alice.setDraft(NAME, number, "draft");
  alice.setDraft(NAME, number, "ready");
  alice.close(NAME, number);
  alice.reopen(NAME, number);
  alice.push(NAME, { branch: "topic", files: { a: "2" } });
  at.github.as("bob").approve(NAME, number);
  const comment = alice.comment(NAME, number, "/hold");
  alice.editComment(NAME, comment, "/unhold");
  at.github.as("bob").merge(NAME, number, { method: "squash" });
  expect((await settled()).filter((name) => !name.startsWith("check_suite"))).toEqual([
    "push",
    "pull_request.opened",
    "pull_request.edited",
    "pull_request.labeled",
    "pull_request.unlabeled",
    "pull_request.converted_to_draft",
    "pull_request.ready_for_review",
    "pull_request.closed",
    "pull_request.reopened",
    "push",
    "pull_request.synchronize",
    "pull_request_review.submitted",
    "issue_comment.created",
    "issue_comment.edited",
    "push",
    "pull_request.closed",
  ]);
  const about = {
    repository: { id: at.repository.id, full_name: NAME, default_branch: "main" },
    installation: { id: at.installation.id },
  };
  expect(payload("push")).toMatchObject({
    ...about,
    ref: "refs/heads/main",
    ...{ created: false, deleted: false, forced: false },
    after: at.repository.branch("main"),
    commits: [{ id: at.repository.branch("main"), added: ["a"], modified: [], removed: [] }],
    pusher: { name: "bob" },
    sender: { login: "bob", type: "User" },
  });
  expect(payload("pull_request.closed")).toMatchObject({
    ...about,
    number,
    pull_request: {
      ...{ merged: true, state: "closed", merge_commit_sha: at.repository.branch("main") },
      merged_by: { login: "bob" },
      head: { ref: "topic", repo: { id: at.repository.id } },
      base: { ref: "main", repo: { id: at.repository.id } },
      user: { login: "alice", type: "User" },
    },
  });
  expect(payload("issue_comment.edited")).toMatchObject({
    ...about,
    issue: { number, pull_request: {}, state: "open" },
    comment: { id: comment, body: "/unhold", user: { login: "alice" }, author_association: "MEMBER" },
    changes: { body: { from: "/hold" } },
  });
  expect(payload("pull_request_review.submitted")).toMatchObject({
    review: { state: "approved", user: { login: "bob" } },
  });
});

test("an unmerged close carries a merge_commit_sha all the same", async () => {
  at.github.as("alice").push(NAME, { branch: "topic", files: { a: "1" } });
  const number = at.github.as("alice").openPullRequest(NAME, { head: "topic", title: "Topic" });
  at.github.as("alice").close(NAME, number);
  await settled();
  expect(payload("pull_request.closed")).toMatchObject({
    pull_request: { merged: false, merge_commit_sha: expect.any(String) },
  });
});

test("tell of checks to run again, of the queue, of deployments, and the bot's own deeds too", async () => {
  const sha = at.repository.branch("main") ?? "";
  const run = await at.octokit.rest.checks.create({
    ...ABOUT,
    name: "chart-promoter",
    head_sha: sha,
    external_id: "dev",
  });
  at.github.as("alice").rerunChecks(NAME, { checkRunId: run.data.id });
  at.github.as("alice").rerunChecks(NAME, { headOid: sha });
  const deployment = await at.octokit.rest.repos.createDeployment({
    ...ABOUT,
    ref: sha,
    required_contexts: [],
  });
  if (!("id" in deployment.data)) throw new Error("no deployment");
  const state = {
    ...ABOUT,
    deployment_id: deployment.data.id,
    state: "success",
    log_url: "https://ci.example.com",
  } as const;
  await at.octokit.rest.repos.createDeploymentStatus(state);
  expect(await settled()).toEqual([
    "check_run.created",
    "check_run.rerequested",
    "check_suite.rerequested",
    "deployment_status.created",
  ]);
  expect(payload("check_run.rerequested")).toMatchObject({
    check_run: { id: run.data.id, external_id: "dev", head_sha: sha },
  });
  expect(payload("deployment_status")).toMatchObject({
    deployment_status: { state: "success", log_url: "https://ci.example.com" },
    deployment: { sha, environment: "production" },
    sender: { login: "chart-promoter[bot]", type: "Bot" },
  });
});

test("tell of installations and repositories", async () => {
  const owner = at.github.owner("acme");
  owner.rename(NAME, "settings");
  owner.archive("acme/settings");
  owner.unarchive("acme/settings");
  owner.removeRepositories(at.installation.id, ["settings"]);
  owner.addRepositories(at.installation.id, ["settings"]);
  owner.acceptPermissions(at.installation.id, { contents: "write" });
  owner.suspend(at.installation.id);
  at.github.as("alice").push("acme/settings", { branch: "main", files: { unheard: "1" } });
  owner.unsuspend(at.installation.id);
  owner.uninstall(at.installation.id);
  expect(await settled()).toEqual([
    "repository.renamed",
    "repository.archived",
    "repository.unarchived",
    "installation_repositories.removed",
    "installation_repositories.added",
    "installation.new_permissions_accepted",
    "installation.suspend",
    "installation.unsuspend",
    "installation.deleted",
  ]);
  expect(payload("repository.renamed")).toMatchObject({
    changes: { repository: { name: { from: "config" } } },
  });
  expect(payload("installation_repositories.added")).toMatchObject({
    repositories_added: [{ full_name: "acme/settings" }],
  });
});

describe("on their way", () => {
  const push = (file: string) => at.github.as("alice").push(NAME, { branch: "main", files: { [file]: "1" } });
  const isPush = ({ event }: { event: string }) => event === "push";
  const pushes = () => received.filter(isPush).map(({ body }) => JSON.parse(body).commits[0].added[0]);

  test("are dropped, doubled and held back", async () => {
    const { webhooks } = at.github;
    webhooks.trouble(isPush, { kind: "drop" });
    push("lost");
    await settled();
    webhooks.trouble(isPush, { kind: "duplicate" });
    push("twice");
    await settled();
    webhooks.trouble(isPush, { kind: "hold-back", laterDeliveries: 3 });
    push("late");
    push("early");
    await settled();
    webhooks.trouble(isPush, { kind: "delay", ms: 20 });
    push("slow");
    await settled();
    expect(pushes()).toEqual(["twice", "twice", "early", "late", "slow"]);
    expect(new Set(received.filter(isPush).map(({ id }) => id)).size).toBe(4);
  });

  test("wait while paused, come in any order, and once more under the same id", async () => {
    const { webhooks } = at.github;
    webhooks.pause();
    for (const file of ["1", "2", "3"]) push(file);
    await settled();
    expect(received).toEqual([]);
    webhooks.reorder((waiting) => waiting.toReversed());
    webhooks.resume();
    await settled();
    expect(pushes()).toEqual(["3", "2", "1"]);
    const lost = received.find(isPush);
    webhooks.redeliver(lost?.id ?? "");
    await settled();
    expect(received.at(-1)).toEqual(lost);
    expect(webhooks.attempts.at(-1)).toMatchObject({ redelivery: true, status: 202 });
  });

  test("fail without being sent again, and the answer is on record", async () => {
    status = 500;
    push("refused");
    await settled();
    expect(new Set(at.github.webhooks.attempts.map((attempt) => attempt.status))).toEqual(new Set([500]));
    expect(pushes()).toEqual(["refused"]);
    at.github.webhooks.sendTo({ url: "http://127.0.0.1:1/", secret: SECRET });
    push("nobody there");
    await settled();
    expect(at.github.webhooks.attempts.at(-1)).toMatchObject({ status: undefined });
  });
});
