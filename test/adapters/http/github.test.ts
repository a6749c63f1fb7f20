import { createHmac, generateKeyPairSync } from "node:crypto";

import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { createNodeMiddleware, Probot } from "probot";

import { type Running, startServer } from "../../support/http-server.ts";

let server: Running;
const pushes: unknown[] = [];
let failing: Error | undefined;

async function middleware() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const probot = new Probot({
    appId: 1,
    privateKey: privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
    secret: "hush",
    logLevel: "fatal",
  });
  return createNodeMiddleware(
    (app) => {
      app.on("push", async ({ payload }) => {
        if (failing !== undefined) throw failing;
        pushes.push(payload.ref);
      });
    },
    { probot, webhooksPath: "/api/github/webhooks" },
  );
}

beforeAll(async () => {
  server = await startServer({ github: await middleware() });
});
afterAll(() => server.stop());
afterEach(() => {
  failing = undefined;
  pushes.length = 0;
  server.lines.length = 0;
});

const BODY = JSON.stringify({ ref: "refs/heads/mäin", repository: { id: 1 } });

function deliver(body: string, headers: object = {}, secret = "hush"): Promise<Response> {
  const signature = createHmac("sha256", secret).update(body).digest("hex");
  return fetch(`${server.url}/api/github/webhooks`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-github-event": "push",
      "x-github-delivery": "72d3162e",
      "x-hub-signature-256": `sha256=${signature}`,
      ...headers,
    },
    body,
  });
}

test("a signed delivery is handled before the 202", async () => {
  expect((await deliver(BODY)).status).toBe(202);
  expect(pushes).toEqual(["refs/heads/mäin"]);
});

test("while the secret is changed over, deliveries signed with either are handled", async () => {
  await server.stop();
  server = await startServer({
    github: await middleware(),
    settings: { webhookSecret: ["hush", "older"] },
  });
  const statuses = [];
  for (const secret of ["hush", "older", "oldest"]) statuses.push((await deliver(BODY, {}, secret)).status);
  expect(statuses).toEqual([202, 202, 401]);
  expect(pushes).toEqual(["refs/heads/mäin", "refs/heads/mäin"]);
});

test.each<[string, () => Promise<Response>]>([
  ["another secret's", () => deliver(BODY, {}, "other")],
  ["no", () => deliver(BODY, { "x-hub-signature-256": "" })],
  ["a bare", () => deliver(BODY, { "x-hub-signature-256": "sha256=" })],
])("%s signature: 401, logged once without the payload, not handled", async (_, send) => {
  const answer = await send();
  expect([answer.status, await answer.json()]).toMatchObject([401, { code: "unauthorized" }]);
  expect(server.refusals()).toHaveLength(1);
  expect(JSON.stringify(server.lines)).not.toContain("refs/heads");
  expect(pushes).toEqual([]);
});

test("a delivery that cannot be stored is a 503 that does not say why", async () => {
  failing = new Error("disk full");
  const answer = await deliver(BODY);
  expect(answer.status).toBe(503);
  expect(await answer.text()).not.toContain("disk full");
});

test.each<[string, string, object]>([
  ["without an event name", BODY, { "x-github-event": "" }],
  ["that is no JSON", "{", {}],
])("a signed delivery %s is not handled", async (_, body, headers) => {
  expect((await deliver(body, headers)).status).toBe(400);
  expect(pushes).toEqual([]);
});

test("of 2 MiB is taken, of more than 25 MiB is a 413", async () => {
  const large = (size: number) => JSON.stringify({ ref: "x", padding: "p".repeat(size) });
  expect((await deliver(large(2 * 2 ** 20))).status).toBe(202);
  expect((await deliver(large(25 * 2 ** 20))).status).toBe(413);
});

test.each(["__proto__", "constructor", "push.x", "*", "p".repeat(200)])(
  "an event of the name %s is none of GitHub's: refused, and no row of a metric",
  async (name) => {
    const answer = await deliver(BODY, { "x-github-event": name });
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({
      status: 400,
      body: { code: "malformed" },
    });
    expect(await (await fetch(`${server.url}/metrics`)).text()).not.toContain(`event="${name}"`);
  },
);

test.each([
  "null",
  "1",
  '"text"',
  '{"installation":{"id":"text"}}',
  '{"installation":{"id":{}}}',
  '{"installation":{"id":1,"id":"x"}}',
])("a signed payload %s, which will not be read the next time either, is refused", async (body) => {
  const answer = await deliver(body);
  expect({ status: answer.status, body: await answer.json() }).toMatchObject({
    status: 400,
    body: { code: "malformed" },
  });
  expect(pushes).toEqual([]);
});

test.each(["[]", "{}", '{"installation":"text"}', '{"installation":{"id":-1e308}}', '{"installation":null}'])(
  "a signed payload %s is taken, and a 503 where it cannot be stored",
  async (body) => {
    expect((await deliver(body)).status).toBe(202);
    failing = new Error("disk full");
    expect((await deliver(body)).status).toBe(503);
  },
);
