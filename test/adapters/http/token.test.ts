// Publishers that are let in by a token of their platform: an issuer on loopback, and everything that must not get in.

import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { tokenVerifier } from "../../../src/adapters/identity/verify-token.ts";
import type { Publisher } from "../../../src/domain/model/config/settings.ts";
import { json, type StandIn, startStandIn } from "../../../src/sandbox/chartmuseum/stand-in.ts";
import { basic, type Running, startServer } from "../../support/http-server.ts";

const NOW = new Date("2026-01-02T03:04:05Z");
const AUDIENCE = "https://promoter.example.com";

type Key = Awaited<ReturnType<typeof generateKeyPair>>["privateKey"];

let issuer: StandIn;
let server: Running;
let key: Key;
let keys: object[];
let configuration: object;
let requests: string[];
let now: Date;

async function newKey(kid: string, algorithm = "RS256"): Promise<Key> {
  const pair = await generateKeyPair(algorithm, { extractable: true });
  keys.push({ ...(await exportJWK(pair.publicKey)), kid, alg: algorithm });
  return pair.privateKey;
}

beforeEach(async () => {
  keys = [];
  requests = [];
  now = NOW;
  key = await newKey("one");
  issuer = await startStandIn(({ url: { pathname } }) => {
    requests.push(pathname);
    return json(200, pathname === "/keys" ? { keys } : configuration);
  });
  configuration = { issuer: issuer.url, jwks_uri: `${issuer.url}/keys` };
  await start([PIPELINE()]);
});
afterEach(() => Promise.all([server.stop(), issuer.close()]));

async function start(publishers: readonly Publisher[]): Promise<void> {
  await server?.stop();
  server = await startServer({ checkToken: tokenVerifier(() => now), settings: { publishers } });
}

function PIPELINE(change: Partial<Publisher> = {}): Publisher {
  const claims = { repository: ["acme/web"], ref: ["refs/heads/main", "refs/tags/v*"] };
  const oidc = { issuer: issuer.url, audience: AUDIENCE, claims };
  return { name: "web-pipeline", oidc, repository: "stakater", charts: ["web"], ...change };
}

const CLAIMS = { repository: "acme/web", ref: "refs/heads/main" };

interface TokenChange {
  readonly claims?: JWTPayload;
  readonly issuer?: string;
  readonly audience?: string;
  readonly kid?: string;
  readonly by?: Key;
  readonly algorithm?: string;
  /** Seconds from now. */
  readonly until?: number;
  readonly from?: number;
}

function token(change: TokenChange = {}): Promise<string> {
  const seconds = NOW.getTime() / 1000;
  const made = new SignJWT(change.claims ?? CLAIMS)
    .setProtectedHeader({ alg: change.algorithm ?? "RS256", kid: change.kid ?? "one" })
    .setIssuer(change.issuer ?? issuer.url)
    .setAudience(change.audience ?? AUDIENCE)
    .setExpirationTime(seconds + (change.until ?? 300))
    .setNotBefore(seconds + (change.from ?? -1));
  return made.sign(change.by ?? key);
}

async function publish(headers: object, chart = "web"): Promise<[status: number, message: string]> {
  const answer = await fetch(`${server.url}/publish`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ chart, version: "1.0.0" }),
  });
  const reply = Object(await answer.json());
  return [answer.status, String(reply.message ?? reply.detail ?? reply.state)];
}

const bearer = (text: string) => ({ authorization: `Bearer ${text}` });

test("a token that the publisher's platform made for this server is enough", async () => {
  expect(await publish(bearer(await token()))).toEqual([202, "accepted"]);
  expect(server.records.all()).toMatchObject([{ chart: "web", publisher: "web-pipeline" }]);
});

test("it may come as the password of HTTP Basic, as `chart-promoter publish` sends it, and asks what became of it", async () => {
  const headers = basic("web-pipeline", await token());
  expect(await publish(headers)).toEqual([202, "accepted"]);
  const id = server.records.all()[0]?.id;
  expect((await fetch(`${server.url}/publishes/${id}`, { headers: { ...headers } })).status).toBe(200);
});

test("it lets in for the publisher's own charts only", async () => {
  expect((await publish(bearer(await token()), "api"))[0]).toBe(403);
});

test("it lets a system in at that system's door, as Pub/Sub signs its pushes", async () => {
  const claims = { email: ["pusher@project.iam.gserviceaccount.com"], email_verified: ["true"] };
  await start([PIPELINE({ oidc: { issuer: issuer.url, audience: AUDIENCE, claims } })]);
  const body = readFileSync("fixtures/intake/pubsub/insert.json", "utf8");
  const call = async (claimed: JWTPayload) => {
    const headers = { "content-type": "application/json", ...bearer(await token({ claims: claimed })) };
    return (await fetch(`${server.url}/publish/pubsub/web-pipeline`, { method: "POST", headers, body }))
      .status;
  };
  const email = "pusher@project.iam.gserviceaccount.com";
  expect(await call({ email, email_verified: false })).toBe(401);
  expect(await call({ email: "other@project.iam.gserviceaccount.com", email_verified: true })).toBe(401);
  expect(await call({ email, email_verified: true })).toBe(202);
});

describe("nobody is let in by", () => {
  test.each<[string, () => TokenChange | Promise<TokenChange>, string]>([
    ["a token for somebody else", () => ({ audience: "sts.amazonaws.com" }), '"aud"'],
    ["a token that has ended", () => ({ until: -120 }), '"exp"'],
    ["a token for later", () => ({ from: 120 }), '"nbf"'],
    ["another repository's token", () => ({ claims: { ...CLAIMS, repository: "acme/api" } }), "claims"],
    [
      "a token that begins like the repository's",
      () => ({ claims: { ...CLAIMS, repository: "acme/web2" } }),
      "claims",
    ],
    ["another branch's token", () => ({ claims: { ...CLAIMS, ref: "refs/heads/feature" } }), "claims"],
    ["a token that lacks a claim", () => ({ claims: { repository: "acme/web" } }), "claims"],
    ["a claim that is an object", () => ({ claims: { ...CLAIMS, ref: { a: "refs/heads/main" } } }), "claims"],
    ["another issuer's token", () => ({ issuer: "https://issuer.example.com" }), "issuer"],
    ["a token signed with a key that is not the issuer's", stranger, "signature"],
    ["a token that names a key nobody has", () => ({ kid: "two" }), "no applicable key"],
  ])("%s", async (_what, change, why) => {
    const [status, message] = await publish(bearer(await token(await change())));
    expect(status).toBe(401);
    expect(message).toMatch(why);
    expect(server.records.all()).toEqual([]);
  });

  async function stranger(): Promise<TokenChange> {
    return { by: (await generateKeyPair("RS256")).privateKey };
  }

  test("a token without a signature", async () => {
    const [, payload = ""] = (await token()).split(".");
    const header = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
    expect((await publish(bearer(`${header}.${payload}.x`)))[0]).toBe(401);
    expect((await publish(bearer(`${header}.${payload}.`)))[0]).toBe(401);
  });

  test("a token that is signed with the public key as if it were a shared secret", async () => {
    const secret = new TextEncoder().encode(JSON.stringify(keys[0]));
    const forged = new SignJWT(CLAIMS)
      .setProtectedHeader({ alg: "HS256", kid: "one" })
      .setIssuer(issuer.url)
      .setAudience(AUDIENCE)
      .setExpirationTime(NOW.getTime() / 1000 + 300);
    expect((await publish(bearer(await forged.sign(secret))))[0]).toBe(401);
  });

  test("a token where the publisher has none but a secret", async () => {
    await start([{ name: "web-pipeline", secret: "open", repository: "stakater", charts: ["web"] }]);
    expect((await publish(bearer(await token())))[0]).toBe(401);
  });

  test("the secret of a publisher that has none", async () => {
    for (const secret of ["", "undefined", "null"])
      expect((await publish(basic("web-pipeline", secret)))[0]).toBe(401);
  });
});

test("a secret that looks like a token is still a secret, beside a publisher with tokens and as its own", async () => {
  const secret = "three.parts.ofit";
  const other = { name: "other", secret, repository: "stakater", charts: ["web"] };
  await start([PIPELINE({ secret }), other]);
  expect((await publish(basic("other", secret)))[0]).toBe(202);
  expect((await publish(basic("web-pipeline", secret)))[0]).toBe(200);
  expect(await publish(basic("other", "three.parts.else"))).toEqual([
    401,
    expect.stringContaining("name and secret"),
  ]);
  expect((await publish(bearer(secret)))[0]).toBe(401);
});

test("an issuer that changes its keys is asked again, and strangers do not make it be asked more often", async () => {
  expect((await publish(bearer(await token())))[0]).toBe(202);
  keys = [];
  const by = await newKey("two", "ES256");
  const fresh = () => token({ kid: "two", by, algorithm: "ES256" });
  for (let tries = 0; tries < 5; tries++) expect((await publish(bearer(await fresh())))[0]).toBe(401);
  expect(requests.filter((path) => path === "/keys")).toHaveLength(1);
  now = new Date(now.getTime() + 20_000);
  expect((await publish(bearer(await fresh())))[0]).toBe(200);
  expect((await publish(bearer(await token())))[0]).toBe(401);
  expect(requests.filter((path) => path === "/keys")).toHaveLength(2);
});

test("an issuer that does not answer is a 503, and so is one that says it is another", async () => {
  configuration = { issuer: "https://another.example.com", jwks_uri: `${issuer.url}/keys` };
  const [status, message] = await publish(bearer(await token()));
  expect(status).toBe(503);
  expect(message).toMatch("another.example.com");
});

test("a token that is good for two publishers has to say which is meant", async () => {
  await start([PIPELINE(), PIPELINE({ name: "second" })]);
  const [status, message] = await publish(bearer(await token()));
  expect([status, message]).toEqual([401, expect.stringContaining("web-pipeline, second")]);
  expect((await publish({ ...bearer(await token()), "x-publisher": "second" }))[0]).toBe(202);
  expect(server.records.all()).toMatchObject([{ publisher: "second" }]);
});
