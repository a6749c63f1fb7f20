// The App's own client against answers written by hand: one adapter at a time, over HTTP that never leaves the process.

import { generateKeyPairSync } from "node:crypto";
import nock from "nock";
import { pino } from "pino";
import { createGitHubApp } from "../../../src/adapters/github/api/app.ts";
import type { GitHubFailure } from "../../../src/adapters/github/api/failure.ts";
import { gitHub } from "../../../src/adapters/github/github.ts";
import { USER_AGENT } from "../../../src/domain/model/program.ts";

const HOST = "https://github.example.com";
const REPOSITORY = {
  ...{ id: 1, installationId: 7, owner: "acme", name: "config" },
  ...{ defaultBranch: "main", archived: false },
};
export const NOW = new Date("2026-03-01T12:00:00Z");
const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
});

/** Every request says who sends it. */
const FROM_US = { reqheaders: { "user-agent": USER_AGENT } };
const GRANT = { expires_at: "2099-01-01T00:00:00Z", permissions: {}, repository_selection: "all" };
/** Spent; but it is the App's, which asks for tokens, and not the installation's. */
const APPS_OWN_LIMIT = {
  ...{ "x-ratelimit-resource": "core", "x-ratelimit-limit": "5000", "x-ratelimit-remaining": "0" },
  "x-ratelimit-reset": String(Date.parse("2099-01-01T00:00:00Z") / 1000),
};

/** A GitHub Enterprise Server on which nothing is answered but what a test writes down; anything else is an error. */
export function place() {
  if (!nock.isActive()) nock.activate();
  nock.disableNetConnect();
  const requests: string[] = [];
  const app = createGitHubApp(
    { appId: 1, privateKey, webhookSecret: "unused", githubApi: `${HOST}/api/v3` },
    {
      log: pino({ level: "silent" }),
      clock: () => NOW,
      onRequest: (kind, outcome) => void (kind === "token" || requests.push(`${kind} ${outcome}`)),
    },
  );
  return {
    app,
    client: app.installation(7),
    github: gitHub(app, () => NOW).in(REPOSITORY),
    /** What was counted, tokens aside: `rest 201`, `mutation lost`. */
    requests,
    rest: nock(`${HOST}/api/v3`, FROM_US),
    host: nock(HOST, FROM_US),
    /** Answers one request for a token of installation 7. */
    grants: (token: string) =>
      nock(`${HOST}/api/v3`)
        .post("/app/installations/7/access_tokens")
        .optionally()
        .reply(201, { token, ...GRANT }, APPS_OWN_LIMIT),
  };
}

/** Every answer was asked for. The network is as it was: other test files run in this process after this one. */
export function leave(): void {
  const unasked = nock.pendingMocks();
  nock.cleanAll();
  nock.enableNetConnect();
  nock.restore();
  if (unasked.length > 0) throw new Error(`never asked: ${unasked.join(", ")}`);
}

/** What a failure says about what to do next. */
export async function failureOf(request: Promise<unknown>) {
  const failure = await request.then(
    () => undefined,
    (error: GitHubFailure) => error,
  );
  return { kind: failure?.kind, status: failure?.status, retryAt: failure?.retryAt?.toISOString() };
}
