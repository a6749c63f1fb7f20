// Planned trouble, counted requests, and the budgets.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Fault } from "../../../src/sandbox/github/http/faults.ts";
import { GITHUB_LIMITS } from "../../../src/sandbox/github/http/limits.ts";
import { ABOUT, commitInput, NAME, type Setup, setUp, statusOf } from "./setup.ts";

let at: Setup;
beforeEach(async () => {
  at = await setUp();
  await at.graphql("{ viewer { login } }");
  at.github.requests.mark();
});
afterEach(() => at.github.close());

/** `patience`: milliseconds until the client gives up. */
function commit(file: string, patience = 20_000): Promise<unknown> {
  const head = at.repository.branch("main") ?? "";
  const input = commitInput({ branch: "main", head, files: { [file]: "1" } });
  return at.graphql(
    `mutation Commit($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }`,
    { input, request: { signal: AbortSignal.timeout(patience) } },
  );
}

describe("a fault strikes one request, with or without its effect", () => {
  const faults: readonly [Fault, "has an effect" | "has none"][] = [
    [{ kind: "500" }, "has none"],
    [{ kind: "502" }, "has none"],
    [{ kind: "502-after-effect" }, "has an effect"],
    [{ kind: "reset-before" }, "has none"],
    [{ kind: "reset-after-effect" }, "has an effect"],
    [{ kind: "timeout" }, "has none"],
    [{ kind: "timeout-after-effect" }, "has an effect"],
    [{ kind: "primary-limit" }, "has none"],
    [{ kind: "secondary-limit" }, "has none"],
    [{ kind: "secondary-limit", form: "429" }, "has none"],
    [{ kind: "secondary-limit", form: "200" }, "has none"],
  ];
  test.each(faults)("%j %s", async (fault, effect) => {
    const before = at.repository.branch("main");
    at.github.fault({}, fault);
    await expect(commit("a", fault.kind.startsWith("timeout") ? 1000 : undefined)).rejects.toBeDefined();
    expect(at.repository.branch("main") === before).toBe(effect === "has none");
    expect(at.github.faults.pending).toBe(false);
    await commit("b");
    expect(at.github.requests.counted.map((one) => one.fault)).toEqual([fault.kind, undefined]);
  });
});

test("a 401 right after the token was made is asked again by the client itself", async () => {
  at.github.fault({}, "401");
  await commit("a");
  expect(at.github.requests.counted.map(({ status }) => status)).toEqual([401, 200]);
});

test("slow answers come, late", async () => {
  at.github.fault({}, { kind: "slow", ms: 50 });
  const start = Date.now();
  await commit("a");
  expect(Date.now() - start).toBeGreaterThanOrEqual(49);
});

test("a fault picks the nth request that matches, and as many as it is told", async () => {
  at.github.fault({ nth: 2, times: 2, match: ({ method }) => method === "GET" }, "502");
  const statuses: number[] = [];
  for (let count = 0; count < 4; count++) statuses.push(await statusOf(at.octokit.rest.repos.get(ABOUT)));
  expect(statuses).toEqual([200, 502, 502, 200]);
  at.github.fault({ match: ({ graphql }) => graphql?.rootFields.includes("createRef") ?? false }, "500");
  await commit("not struck");
  expect(at.github.faults.pending).toBe(true);
  at.github.faults.clear();
  expect(at.github.faults.pending).toBe(false);
});

test("a stale read answers from before the last change, by either API", async () => {
  const before = at.repository.branch("main");
  await commit("a");
  const query = `{ repository(owner: "acme", name: "config") { ref(qualifiedName: "main") { target { oid } } } }`;
  const seen = (oid: string | undefined) => ({ repository: { ref: { target: { oid } } } });
  at.github.fault({ times: 2 }, "stale-read");
  expect(await at.graphql(query)).toEqual(seen(before));
  expect((await at.octokit.rest.git.getRef({ ...ABOUT, ref: "heads/main" })).data.object.sha).toBe(before);
  expect(await at.graphql(query)).toEqual(seen(at.repository.branch("main")));
  at.github.as("alice").push(NAME, { branch: "topic", files: { b: "1" } });
  const number = at.github.as("alice").openPullRequest(NAME, { head: "topic", title: "Topic" });
  at.github.fault({}, "stale-read");
  expect(await statusOf(at.octokit.rest.pulls.get({ ...ABOUT, pull_number: number }))).toBe(404);
});

test("the forms of the limits", async () => {
  const answers: { status: number; retryAfter: string | null; remaining: string | null; body: string }[] = [];
  const { token } = at.github.tokens.mint({
    kind: "installation",
    installationId: at.installation.id,
    permissions: at.installation.permissions,
    repositoryIds: undefined,
  });
  const ask = async (path: string, fault: Fault) => {
    at.github.fault({}, fault);
    const method = path === "/api/graphql" ? "POST" : "GET";
    const body = JSON.stringify({ query: "{ viewer { login } }" });
    const response = await fetch(`${at.github.url}${path}`, {
      method,
      headers: { authorization: `token ${token}` },
      ...(method === "POST" && { body }),
    });
    const { headers, status } = response;
    const remaining = headers.get("x-ratelimit-remaining");
    answers.push({ status, retryAfter: headers.get("retry-after"), remaining, body: await response.text() });
  };
  await ask("/api/v3/repos/acme/config", { kind: "primary-limit" });
  await ask("/api/graphql", { kind: "primary-limit" });
  await ask("/api/v3/repos/acme/config", { kind: "secondary-limit", retryAfterSeconds: 7 });
  await ask("/api/graphql", { kind: "secondary-limit", form: "200" });
  expect(answers.map(({ status, retryAfter, remaining }) => [status, retryAfter, remaining])).toEqual([
    [403, null, "0"],
    [200, null, "0"],
    [403, "7", null],
    [200, "60", null],
  ]);
  expect(answers[1]?.body).toContain(`"type":"RATE_LIMITED"`);
  expect(answers[2]?.body).toContain("secondary rate limit");
});

describe("budgets", () => {
  test("count what was used, on every answer", async () => {
    const { headers } = await at.octokit.rest.repos.get(ABOUT);
    const { headers: next } = await at.octokit.rest.repos.get(ABOUT);
    expect(Number(next["x-ratelimit-used"]) - Number(headers["x-ratelimit-used"])).toBe(1);
    expect(next["x-ratelimit-resource"]).toBe("core");
    expect(Number(next["x-ratelimit-reset"])).toBeGreaterThan(Date.now() / 1000);
  });

  test("of content creation: the 81st in a minute waits", async () => {
    await at.github.close();
    at = await setUp({ limits: GITHUB_LIMITS });
    const create = () => at.octokit.rest.issues.create({ ...ABOUT, title: "t" });
    for (let count = 0; count < 80; count++) await create();
    expect(await statusOf(create())).toBe(403);
    expect(await statusOf(at.octokit.rest.repos.get(ABOUT))).toBe(200);
  });

  test("of the hour: used up, everything waits for the reset", async () => {
    await at.github.close();
    at = await setUp({ limits: { primary: 3 } });
    for (let count = 0; count < 3; count++) await at.octokit.rest.repos.get(ABOUT);
    const error = await at.octokit.rest.repos.get(ABOUT).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ status: 403, response: { headers: { "x-ratelimit-remaining": "0" } } });
    await at.graphql("{ viewer { login } }");
  });
});
