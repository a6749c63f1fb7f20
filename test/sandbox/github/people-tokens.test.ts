// The App acting for people: the web application flow, and what their tokens see and may do.

import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { errorsOf, type Setup, setUp } from "./setup.ts";

const CALLBACK = "https://promoter.example.com/dashboard/callback";
const MINUTE = 60_000;

let at: Setup;
let aheadMs = 0;

beforeEach(async () => {
  aheadMs = 0;
  at = await setUp({ now: () => new Date(Date.now() + aheadMs) });
  at.github.authorizations.callbackUrls = [CALLBACK];
});
afterEach(() => at.github.close());

interface Pressed {
  readonly user?: string;
  readonly authorize?: "1" | "0";
}

/** Presses the button of GitHub's page; answers where the browser is sent. */
async function authorize(query: object, { user = "alice", authorize = "1" }: Pressed = {}): Promise<URL> {
  const params = new URLSearchParams({ client_id: at.github.app.clientId, state: "xyz", ...query });
  const answer = await fetch(`${at.github.url}/login/oauth/authorize?${params.toString()}`, {
    method: "POST",
    headers: { cookie: `user=${user}` },
    body: new URLSearchParams({ authorize }),
    redirect: "manual",
  });
  return new URL(answer.headers.get("location") ?? `${at.github.url}/${answer.status}`);
}

async function exchange(fields: object): Promise<{ status: number; reply: Record<string, string> }> {
  const answer = await fetch(`${at.github.url}/login/oauth/access_token`, {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify({
      ...{ client_id: at.github.app.clientId, client_secret: at.github.app.clientSecret },
      ...fields,
    }),
  });
  return { status: answer.status, reply: JSON.parse(await answer.text()) };
}

async function tokenOf(user: string): Promise<Record<string, string>> {
  const code = (await authorize({}, { user })).searchParams.get("code");
  return (await exchange({ code })).reply;
}

function ask(token: string | undefined, path: string, body?: object) {
  return fetch(`${at.github.url}/api/v3${path}`, {
    method: body ? "POST" : "GET",
    headers: { authorization: `token ${token}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
}

test("a person who authorizes is sent back with a code, which counts once and for ten minutes", async () => {
  const back = await authorize({});
  expect(back.origin + back.pathname).toBe(CALLBACK);
  expect(back.searchParams.get("state")).toBe("xyz");
  const code = back.searchParams.get("code");
  const { reply } = await exchange({ code });
  expect(reply).toMatchObject({ token_type: "bearer", scope: "", expires_in: 28_800 });
  expect(reply["access_token"]).toMatch(/^ghu_/);
  expect(reply["refresh_token"]).toMatch(/^ghr_/);
  expect(await exchange({ code })).toMatchObject({ status: 200, reply: { error: "bad_verification_code" } });
  const late = (await authorize({})).searchParams.get("code");
  aheadMs = 11 * MINUTE;
  expect((await exchange({ code: late })).reply["error"]).toBe("bad_verification_code");
});

test("what goes wrong comes back to the App, and to another address nothing does", async () => {
  expect((await authorize({}, { authorize: "0" })).searchParams.get("error")).toBe("access_denied");
  const strange = await authorize({ redirect_uri: "https://evil.example.com" });
  expect(strange.href).toMatch(/^https:\/\/promoter\.example\.com.*error=redirect_uri_mismatch/);
  expect((await authorize({ client_id: "other" })).pathname).toBe("/404");
  const wrong = await exchange({ code: "x", client_secret: "wrong" });
  expect(wrong).toMatchObject({ status: 200, reply: { error: "incorrect_client_credentials" } });
});

test("a code that was asked for with a challenge is given for its verifier only", async () => {
  const verifier = "v".repeat(50);
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const challenged = { code_challenge: challenge, code_challenge_method: "S256" };
  const brought = async () => (await authorize(challenged)).searchParams.get("code");
  expect((await exchange({ code: await brought() })).reply["error"]).toBe("bad_verification_code");
  expect((await exchange({ code: await brought(), code_verifier: verifier })).reply["access_token"]).toMatch(
    /^ghu_/,
  );
  expect((await authorize({ ...challenged, code_challenge_method: "plain" })).searchParams.get("error")).toBe(
    "invalid_request",
  );
});

test("a token ends after eight hours, is renewed once, and ends where it is taken back", async () => {
  const first = await tokenOf("alice");
  expect(await (await ask(first["access_token"], "/user")).json()).toMatchObject({ login: "alice" });
  aheadMs = 8 * 60 * MINUTE + 1_000;
  expect((await ask(first["access_token"], "/user")).status).toBe(401);
  const refreshed = { grant_type: "refresh_token", refresh_token: first["refresh_token"] };
  const second = (await exchange(refreshed)).reply;
  expect((await ask(second["access_token"], "/user")).status).toBe(200);
  expect((await exchange(refreshed)).reply["error"]).toBe("bad_refresh_token");
  const { clientId, clientSecret } = at.github.app;
  const revoke = (secret: string) =>
    fetch(`${at.github.url}/api/v3/applications/${clientId}/token`, {
      method: "DELETE",
      headers: { authorization: `basic ${btoa(`${clientId}:${secret}`)}` },
      body: JSON.stringify({ access_token: second["access_token"] }),
    });
  expect((await revoke("wrong")).status).toBe(401);
  expect((await revoke(clientSecret)).status).toBe(204);
  expect((await ask(second["access_token"], "/user")).status).toBe(401);
});

test("a token sees what the person may read of what the App covers, and comments as the person", async () => {
  at.github.createRepository({ name: "acme/secret", files: { "a.txt": "a" }, people: { bob: "write" } });
  at.github.createRepository({ name: "other/private", files: { "a.txt": "a" }, people: { alice: "write" } });
  const { access_token: token } = await tokenOf("eve");
  const permission = async (name: string, one = token) => {
    const [owner, repository] = name.split("/");
    const query = `{ viewer { login } repository(owner: "${owner}", name: "${repository}") { viewerPermission } }`;
    const answer = await fetch(`${at.github.url}/api/graphql`, {
      method: "POST",
      headers: { authorization: `token ${one}`, "content-type": "application/json" },
      body: JSON.stringify({ query }),
    });
    return (await answer.json()) as object;
  };
  expect(await permission("acme/config")).toMatchObject({
    data: { viewer: { login: "eve" }, repository: { viewerPermission: "READ" } },
  });
  expect(await permission("acme/secret")).toMatchObject({
    data: { repository: null },
    errors: [{ type: "NOT_FOUND" }],
  });
  const alice = (await tokenOf("alice"))["access_token"];
  expect(await permission("acme/config", alice)).toMatchObject({
    data: { repository: { viewerPermission: "WRITE" } },
  });
  expect(await permission("other/private", alice)).toMatchObject({ data: { repository: null } });
  at.github.as("alice").openIssue("acme/config", { title: "An issue" });
  const commented = await ask(token, "/repos/acme/config/issues/1/comments", { body: "Hello" });
  expect([commented.status, await commented.json()]).toMatchObject([201, { user: { login: "eve" } }]);
  const git = await ask(token, "/repos/acme/config/git/refs", { ref: "refs/heads/x", sha: "0".repeat(40) });
  expect(git.status).toBe(403);
  expect(await errorsOf(at.graphql(`{ viewer { login } }`))).toEqual([]);
});
