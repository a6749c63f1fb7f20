import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";

import type { Publish } from "../../src/model/publish.ts";
import type { ChartRepository } from "../../src/model/settings.ts";
import { basic, PUBLISHERS, type Running, startServer } from "../support/http-server.ts";

const REGISTRY: ChartRepository = {
  name: "stakater",
  url: "oci://registry.example.com/charts",
  also: [],
  kind: "oci",
  fetchFrom: "oci://registry.example.com/charts",
  credentials: { kind: "none" },
};

const WEB = PUBLISHERS[1];
const KEY = "sesame open sesame!";
const SECRET = WEB?.secret ?? "";

let server: Running;

beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.stop());

function sample(path: string): string {
  return readFileSync(`fixtures/inbox/${path}.json`, "utf8");
}

function send(path: string, body: string, headers: object): Promise<Response> {
  return fetch(`${server.url}/publish/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
}

function hmac(algorithm: string, body: string): string {
  return createHmac(algorithm, KEY).update(body).digest("hex");
}

type Signer = (body: string) => object;

const WAYS: readonly (readonly [string, string, Signer])[] = [
  ["harbor with the secret as it is", "harbor/push-artifact", () => ({ authorization: SECRET })],
  ["harbor with Basic", "harbor/cloudevent-pushed", () => basic("web-pipeline", SECRET)],
  ["distribution with Bearer", "distribution/chart", () => ({ authorization: `Bearer ${SECRET}` })],
  ["jfrog with the plain secret", "jfrog/artifact-deployed", () => ({ "x-jfrog-event-auth": SECRET })],
  ["jfrog signed", "jfrog/oci-pushed", (body) => ({ "x-jfrog-event-auth": hmac("sha256", body) })],
  ["nexus", "nexus/component-created", (body) => ({ "x-nexus-webhook-signature": hmac("sha1", body) })],
  ["ghcr", "ghcr/package-updated", (body) => ({ "x-hub-signature-256": `sha256=${hmac("sha256", body)}` })],
  ["cdevents", "cdevents/custom-data", () => basic("web-pipeline", SECRET)],
];

describe.each(WAYS)("%s", (_, path, sign) => {
  const [system] = path.split("/");
  const body = sample(path);

  test("is a publish of web, and a repeat the second time", async () => {
    const first = await send(`${system}/web-pipeline`, body, sign(body));
    expect(first.status).toBe(202);
    const [stored] = server.records.all();
    expect(stored).toMatchObject({ chart: "web", publisher: "web-pipeline", repository: "stakater" });
    const said = await first.json();
    expect(said).toEqual({ id: stored?.id, state: "accepted", url: `${server.url}/publishes/${stored?.id}` });
    const again = await send(`${system}/web-pipeline`, body, sign(body));
    expect([again.status, await again.json()]).toEqual([200, said]);
  });

  test.each<[string, string, (body: string) => object]>([
    ["without credentials", "web-pipeline", () => ({})],
    ["for another publisher", "xposer-pipeline", sign],
    ["for an unknown publisher", "nobody", sign],
    ["with the credentials of other words", "web-pipeline", () => shuffled(sign(body))],
  ])("%s is refused and logged once", async (_name, publisher, by) => {
    expect((await send(`${system}/${publisher}`, body, by(body))).status).toBe(401);
    expect(server.refusals().map(({ fields }) => fields["code"])).toEqual(["unauthorized"]);
    expect(server.records.all()).toEqual([]);
  });
});

function shuffled(headers: object): object {
  return Object.fromEntries(
    Object.entries(headers).map(([name, text]) => [name, `${String(text).slice(0, -2)}x`]),
  );
}

const BEARER = { authorization: `Bearer ${SECRET}` };

test("an event that publishes no chart is 202 and ignored, with the reason", async () => {
  const answer = await send("distribution/web-pipeline", sample("distribution/image"), BEARER);
  expect(answer.status).toBe(202);
  expect(await answer.json()).toEqual({ state: "ignored", because: "apps/web:1.2.3 is not a chart" });
});

test("a chart of somebody else is 403, and ignored where it may as well be an image", async () => {
  const chart = sample("distribution/chart").replaceAll("charts/web", "charts/api");
  expect((await send("distribution/web-pipeline", chart, BEARER)).status).toBe(403);
  expect(server.refusals()).toHaveLength(1);
  const hint = sample("distribution/without-references").replaceAll("charts/web", "charts/api");
  const answer = await send("distribution/web-pipeline", hint, BEARER);
  expect([answer.status, await answer.json()]).toEqual([
    202,
    { state: "ignored", because: "api is not among the charts of web-pipeline" },
  ]);
});

test("an event of several charts takes those it may and tells which it may not", async () => {
  const answer = await send("distribution/web-pipeline", sample("distribution/several"), BEARER);
  expect(answer.status).toBe(202);
  expect(await answer.json()).toMatchObject({
    id: server.records.all()[0]?.id,
    refused: [{ code: "forbidden" }],
  });
  expect(server.records.all().map(({ chart }) => chart)).toEqual(["web"]);
});

test("all charts of one event are publishes", async () => {
  await server.stop();
  const publishers = [{ name: "all", secret: "s", repository: "stakater", charts: ["*"] }];
  server = await startServer({ settings: { publishers } });
  const answer = await send("distribution/all", sample("distribution/several"), { authorization: "s" });
  const [web, api] = server.records.all();
  expect(await answer.json()).toMatchObject({ id: web?.id, publishes: [{ id: web?.id }, { id: api?.id }] });
  expect([web?.chart, api?.chart]).toEqual(["web", "api"]);
});

test("one chart of several that cannot be stored makes the whole event be sent again", async () => {
  await server.stop();
  const publishers = [{ name: "all", secret: "s", repository: "stakater", charts: ["*"] }];
  const onPublish = async ({ chart }: Publish) => {
    if (chart === "api") throw new Error("queue gone");
  };
  server = await startServer({ settings: { publishers }, onPublish });
  const answer = await send("distribution/all", sample("distribution/several"), { authorization: "s" });
  expect(answer.status).toBe(503);
});

test("what stands elsewhere in an OCI registry is not the chart of that name", async () => {
  await server.stop();
  server = await startServer({ settings: { chartRepositories: [REGISTRY] } });
  expect((await send("distribution/web-pipeline", sample("distribution/chart"), BEARER)).status).toBe(202);
  const elsewhere = sample("distribution/chart").replaceAll("charts/web", "team/charts/web");
  expect(await (await send("distribution/web-pipeline", elsewhere, BEARER)).json()).toEqual({
    state: "ignored",
    because: "team/charts/web is not in the chart repository stakater",
  });
});

test("an event that cannot be stored is a 503, so that it is sent again", async () => {
  server.records.broken = new Error("down");
  expect((await send("distribution/web-pipeline", sample("distribution/chart"), BEARER)).status).toBe(503);
});

test.each([
  "application/vnd.docker.distribution.events.v2+json",
  "application/cloudevents+json; charset=UTF-8",
  "Application/JSON;charset=utf-8",
])("a body of %s is read as JSON", async (type) => {
  const headers = { ...BEARER, "content-type": type };
  expect((await send("distribution/web-pipeline", sample("distribution/chart"), headers)).status).toBe(202);
});

test("an unknown system is a 404", async () => {
  expect((await send("quay/web-pipeline", "{}", BEARER)).status).toBe(404);
});
