// Who may ask what: JWTs, tokens, permissions, installations.

import { createSign, generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ABOUT, clientFor, commitInput, errorsOf, NAME, type Setup, setUp, statusOf } from "./setup.ts";

let at: Setup;
beforeEach(async () => {
  at = await setUp();
});
afterEach(() => at.github.close());

function jwt(claims: object, privateKey = at.github.app.privateKey, alg = "RS256"): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg, typ: "JWT" })}.${part(claims)}`;
  return `${text}.${createSign("RSA-SHA256").update(text).sign(privateKey, "base64url")}`;
}

async function mint(token: string, body: object = {}, id = at.installation.id) {
  const url = `${at.github.url}/api/v3/app/installations/${id}/access_tokens`;
  const headers = { authorization: `bearer ${token}` };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: response.status, body: await response.text() };
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

describe("the App's JWT", () => {
  const good = () => ({ iat: seconds() - 30, exp: seconds() + 500, iss: 1 });

  test("is taken when it is good, by App id or client id", async () => {
    expect((await mint(jwt(good()))).status).toBe(201);
    expect((await mint(jwt({ ...good(), iss: at.github.app.clientId }))).status).toBe(201);
  });

  test.each([
    ["expired", { exp: seconds() - 1 }],
    ["too long", { exp: seconds() + 3600 }],
    ["from the future", { iat: seconds() + 300 }],
    ["another App's", { iss: 2 }],
  ])("is refused when it is %s", async (_, claims) => {
    expect((await mint(jwt({ ...good(), ...claims }))).status).toBe(401);
  });

  test("is refused when another key signed it, or none", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const other = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
    expect((await mint(jwt(good(), other))).status).toBe(401);
    expect((await mint(`${jwt(good()).split(".").slice(0, 2).join(".")}.`)).status).toBe(401);
    expect((await mint(jwt(good(), at.github.app.privateKey, "none"))).status).toBe(401);
  });

  test("narrows a token's permissions and repositories, and never widens them", async () => {
    const token = jwt(good());
    const narrow = await mint(token, {
      permissions: { contents: "read" },
      repository_ids: [at.repository.id],
    });
    expect(narrow.status).toBe(201);
    expect(JSON.parse(narrow.body)).toMatchObject({
      permissions: { contents: "read" },
      repository_selection: "selected",
    });
    expect((await mint(token, { permissions: { administration: "read" } })).status).toBe(422);
    expect((await mint(token, { permissions: { merge_queues: "write" } })).status).toBe(422);
    expect((await mint(token, { repositories: ["none"] })).status).toBe(422);
    expect((await mint(token, {}, 1)).status).toBe(404);
  });
});

test("no token, or a wrong one, gets a 401", async () => {
  for (const headers of [{ authorization: "token ghs_1_wrong" }, undefined]) {
    const answer = await fetch(`${at.github.url}/api/graphql`, {
      method: "POST",
      body: "{}",
      ...(headers && { headers }),
    });
    expect(answer.status).toBe(401);
  }
});

test("a token is good for an hour", async () => {
  let now = new Date();
  await at.github.close();
  at = await setUp({ now: () => now });
  expect(await statusOf(at.octokit.rest.repos.get(ABOUT))).toBe(200);
  const { token } = at.github.tokens.mint({
    kind: "installation",
    installationId: at.installation.id,
    permissions: {},
    repositoryIds: undefined,
  });
  const get = async () =>
    (await fetch(`${at.github.url}/repos/${NAME}`, { headers: { authorization: `token ${token}` } })).status;
  now = new Date(now.getTime() + 59 * 60_000);
  expect(await get()).toBe(200);
  now = new Date(now.getTime() + 60_000);
  expect(await get()).toBe(401);
});

describe("what a token lacks is refused by either API", () => {
  beforeEach(async () => {
    await at.github.close();
    at = await setUp({ installed: { contents: "read" } });
  });

  test("writes and other resources by REST", async () => {
    const { repos, git, issues, checks, pulls } = at.octokit.rest;
    const sha = at.repository.branch("main") ?? "";
    expect(await statusOf(repos.get(ABOUT))).toBe(200);
    expect(await statusOf(git.createRef({ ...ABOUT, ref: "refs/heads/x", sha }))).toBe(403);
    expect(await statusOf(issues.create({ ...ABOUT, title: "t" }))).toBe(403);
    expect(await statusOf(pulls.list(ABOUT))).toBe(403);
    expect(await statusOf(checks.listForRef({ ...ABOUT, ref: "main" }))).toBe(403);
    expect(await statusOf(repos.createDeployment({ ...ABOUT, ref: sha }))).toBe(403);
  });

  test("mutations and fields by GraphQL", async () => {
    const head = at.repository.branch("main") ?? "";
    const document = `mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }`;
    const input = commitInput({ branch: "main", head, files: { a: "1" } });
    const refused = ["FORBIDDEN: Resource not accessible by integration"];
    expect(await errorsOf(at.graphql(document, { input }))).toEqual(refused);
    const field = (text: string) => at.graphql(`{ repository(owner: "acme", name: "config") { ${text} } }`);
    expect(await errorsOf(field("pullRequests(first: 1) { totalCount }"))).toEqual(refused);
    expect(await errorsOf(field(`ref(qualifiedName: "main") { target { oid } }`))).toEqual([]);
  });
});

describe("an installation", () => {
  test("sees its own repositories only", async () => {
    at.github.createRepository({ name: "other/secret", files: { a: "1" } });
    expect(await statusOf(at.octokit.rest.repos.get({ owner: "other", repo: "secret" }))).toBe(404);
    expect(await errorsOf(at.graphql(`{ repository(owner: "other", name: "secret") { id } }`))).toHaveLength(
      1,
    );
    const { data } = await at.octokit.rest.apps.listReposAccessibleToInstallation();
    expect(data.repositories.map(({ full_name }) => full_name)).toEqual([NAME]);
  });

  test("on selected repositories gains and loses them", async () => {
    at.github.createRepository({ name: "acme/second", files: { a: "1" } });
    at.github.owner("acme").removeRepositories(at.installation.id, ["config"]);
    expect(await statusOf(at.octokit.rest.repos.get(ABOUT))).toBe(404);
    at.github.owner("acme").addRepositories(at.installation.id, ["second"]);
    expect(await statusOf(at.octokit.rest.repos.get({ owner: "acme", repo: "second" }))).toBe(200);
  });

  test("that is suspended gets no token, and its tokens stop working", async () => {
    await at.octokit.rest.repos.get(ABOUT);
    at.github.owner("acme").suspend(at.installation.id);
    expect(await statusOf(at.octokit.rest.repos.get(ABOUT))).toBe(403);
    const fresh = await clientFor(at.github, at.installation.id);
    expect(await statusOf(fresh.rest.repos.get(ABOUT))).toBe(403);
    at.github.owner("acme").unsuspend(at.installation.id);
    expect(await statusOf(fresh.rest.repos.get(ABOUT))).toBe(200);
  });

  test("that is removed is not found", async () => {
    at.github.owner("acme").uninstall(at.installation.id);
    expect(await statusOf((await clientFor(at.github, at.installation.id)).rest.repos.get(ABOUT))).toBe(404);
  });

  test("is listed to the App, which knows itself", async () => {
    const app = (await clientFor(at.github)).rest.apps;
    expect((await app.getAuthenticated()).data).toMatchObject({ id: 1, slug: "chart-promoter" });
    const { data } = await app.listInstallations();
    expect(data).toMatchObject([{ id: at.installation.id, account: { login: "acme" }, suspended_at: null }]);
    expect((await app.getRepoInstallation(ABOUT)).data.id).toBe(at.installation.id);
  });
});
