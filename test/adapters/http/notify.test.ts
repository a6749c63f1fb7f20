import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { ChartRepository } from "../../../src/domain/model/config/settings.ts";
import type { Publish } from "../../../src/domain/model/publish.ts";
import { signingSecret } from "../../../src/domain/model/secret/secret.ts";
import { basic, PUBLISHERS, type Running, startServer } from "../../support/http-server.ts";

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
const SECRET = signingSecret(WEB?.secret ?? "");

let server: Running;

beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.stop());

function sample(path: string): string {
  return readFileSync(`fixtures/intake/${path}.json`, "utf8");
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
  ["acr with a header of its own", "acr/push", () => ({ authorization: `Bearer ${SECRET}` })],
  ["quay with a login in the address", "quay/repo-push", () => basic("web-pipeline", SECRET)],
  ["dockerhub with a login in the address", "dockerhub/push", () => basic("web-pipeline", SECRET)],
  ["gitea", "gitea/helm-package", (body) => ({ "x-gitea-signature": hmac("sha256", body) })],
  ["forgejo", "gitea/helm-package", (body) => ({ "x-forgejo-signature": hmac("sha256", body) })],
  [
    "gitea as GitHub",
    "gitea/container",
    (body) => ({ "x-hub-signature-256": `sha256=${hmac("sha256", body)}` }),
  ],
  ["gitea with a header", "gitea/container", () => ({ authorization: `Bearer ${SECRET}` })],
  ["gitlab with the secret token", "gitlab/release", () => ({ "x-gitlab-token": SECRET })],
  ["gitlab with the signing token", "gitlab/tag-pipeline", standardWebhook],
  ["gitlab's registry", "gitlab/registry-push", () => ({ authorization: `Bearer ${SECRET}` })],
  ["eventbridge with Basic", "eventbridge/image-push", () => basic("web-pipeline", SECRET)],
  ["eventbridge with an API key", "eventbridge/chart-push", () => ({ "x-api-key": SECRET })],
  ["pubsub with a login", "pubsub/insert", () => basic("web-pipeline", SECRET)],
];

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
function standardWebhook(body: string): object {
  const timestamp = Math.floor(Date.now() / 1000);
  const signature = createHmac("sha256", KEY).update(`msg_1.${timestamp}.${body}`).digest("base64");
  return {
    "webhook-id": "msg_1",
    "webhook-timestamp": String(timestamp),
    "webhook-signature": `v1,${signature}`,
  };
}

describe.each(WAYS)("%s", (_, path, sign) => {
  const [system] = path.split("/");
  const body = sample(path);

  test("is a publish of web, and a repeat the second time", async () => {
    const first = await send(`${system}/web-pipeline`, body, sign(body));
    expect(first.status).toBe(202);
    const [stored] = server.records.all();
    expect(stored).toMatchObject({ chart: "web", publisher: "web-pipeline", repository: "stakater" });
    const reply = await first.json();
    expect(reply).toEqual({
      id: stored?.id,
      state: "accepted",
      url: `${server.url}/publishes/${stored?.id}`,
    });
    const second = await send(`${system}/web-pipeline`, body, sign(body));
    expect([second.status, await second.json()]).toEqual([200, reply]);
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

test.each(WAYS)("%s: while the secret is changed over, the old one is let in", async (_, path, sign) => {
  await server.stop();
  const publishers = PUBLISHERS.map((one) => ({ ...one, secret: ["the new one", SECRET] as const }));
  server = await startServer({ settings: { publishers } });
  const body = sample(path);
  expect((await send(`${path.split("/")[0]}/web-pipeline`, body, sign(body))).status).toBe(202);
});

function shuffled(headers: object): object {
  return Object.fromEntries(
    Object.entries(headers).map(([name, text]) => [name, `${String(text).slice(0, -2)}x`]),
  );
}

describe.each(["quay/repo-push", "dockerhub/push", "pubsub/insert"])(
  "the token in the address, as %s has no header of its own,",
  (path) => {
    const [system] = path.split("/");
    const call = (token: string) => send(`${system}/web-pipeline?${token}`, sample(path), {});

    test("is the secret, and never in the log", async () => {
      expect((await call(`token=${encodeURIComponent(SECRET)}`)).status).toBe(202);
      expect(JSON.stringify(server.lines)).not.toContain(SECRET.slice(6));
    });

    test.each(["token=wrong", "token=", `token=${SECRET}&token=${SECRET}`, `secret=${SECRET}`])(
      "is not %s",
      async (query) => {
        expect((await call(query)).status).toBe(401);
      },
    );
  },
);

test("a system that can send a header is not let in by a token in the address", async () => {
  const query = `token=${encodeURIComponent(SECRET)}`;
  expect((await send(`acr/web-pipeline?${query}`, sample("acr/push"), {})).status).toBe(401);
});

/** Systems that repeat without end, or switch the webhook off, and those that show or forget a refusal. */
test.each([
  ["acr/chart-push", "my-web", 202],
  ["gitlab/registry-push", "{", 202],
  ["quay/repo-push", "{", 202],
  ["pubsub/insert", "{", 202],
  ["gitea/helm-package", '"web"', 403],
  ["dockerhub/push", "{", 400],
  ["eventbridge/chart-push", "charts/web", 403],
])("a refusal of %s is told as that system needs it", async (path, change, status) => {
  const [system] = path.split("/");
  const body = change === "{" ? "{" : sample(path).replaceAll(change, change.replace("web", "api"));
  const signed = { "x-gitea-signature": hmac("sha256", body), ...basic("web-pipeline", SECRET) };
  const answer = await send(`${system}/web-pipeline`, body, signed);
  expect(answer.status).toBe(status);
  if (status === 202) expect(await answer.json()).toMatchObject({ state: "refused" });
  expect(server.refusals()).toHaveLength(1);
});

const BEARER = { authorization: `Bearer ${SECRET}` };

test("an event that publishes no chart is 202 and ignored, with the reason", async () => {
  const answer = await send("distribution/web-pipeline", sample("distribution/image"), BEARER);
  expect(answer.status).toBe(202);
  expect(await answer.json()).toEqual({ state: "ignored", because: "apps/web:1.2.3 is not a chart" });
});

test("a chart of somebody else is refused, and ignored where it may as well be an image", async () => {
  const chart = sample("nexus/component-created").replace('"web"', '"api"');
  const signed = { "x-nexus-webhook-signature": hmac("sha1", chart) };
  expect((await send("nexus/web-pipeline", chart, signed)).status).toBe(403);
  expect(server.refusals()).toHaveLength(1);
  const hint = sample("distribution/without-references").replaceAll("charts/web", "charts/api");
  const answer = await send("distribution/web-pipeline", hint, BEARER);
  expect([answer.status, await answer.json()]).toEqual([
    202,
    { state: "ignored", because: "api is not among the charts of web-pipeline" },
  ]);
});

describe("a registry that repeats whatever is not 2xx is told 202 and the reason of", () => {
  const chart = sample("distribution/chart");
  const big = JSON.stringify({ events: [], padding: "x".repeat(2 ** 20) });

  test.each<[string, string, string]>([
    ["a chart of somebody else", chart.replaceAll("charts/web", "charts/api"), "forbidden"],
    ["a body that is no JSON", "{", "malformed"],
    ["a body that is no event", '{"events":7}', "malformed"],
    ["a body that is empty", "", "malformed"],
    ["a body that is too large", big, "too-large"],
    ["a version with other bytes", chart.replaceAll("2e2e", "3d3d"), "conflict"],
  ])("%s", async (_, body, code) => {
    if (code === "conflict") await send("distribution/web-pipeline", chart, BEARER);
    const answer = await send("distribution/web-pipeline", body, BEARER);
    expect([answer.status, await answer.json()]).toEqual([
      202,
      {
        state: "refused",
        refused: [expect.objectContaining({ code, message: expect.any(String), help: expect.any(String) })],
      },
    ]);
    expect(server.refusals().map(({ fields }) => fields["code"])).toEqual([code]);
  });

  test("a body that is no JSON by its media type", async () => {
    const headers = { ...BEARER, "content-type": "text/plain" };
    const answer = await send("distribution/web-pipeline", chart, headers);
    expect([answer.status, await answer.json()]).toMatchObject([
      202,
      { refused: [{ code: "unsupported-media-type" }] },
    ]);
  });

  test("nothing, when a stranger asks, whatever the body", async () => {
    for (const body of [chart, "{", big])
      expect((await send("distribution/web-pipeline", body, { authorization: "x" })).status).toBe(401);
  });
});

test("an event that cannot be read keeps no other of the same document from being taken", async () => {
  const { events } = JSON.parse(sample("distribution/chart"));
  const body = JSON.stringify({ events: [{ action: 7 }, ...events] });
  const answer = await send("distribution/web-pipeline", body, BEARER);
  expect([answer.status, await answer.json()]).toMatchObject([
    202,
    { id: server.records.all()[0]?.id, refused: [{ code: "malformed" }] },
  ]);
});

describe("a digest", () => {
  test("of an event that may be about another file is a hint, and stands against nobody", async () => {
    const hint = sample("jfrog/artifact-deployed").replaceAll("2e2e", "3d3d");
    const secret = { "x-jfrog-event-auth": SECRET };
    expect((await send("jfrog/web-pipeline", hint, secret)).status).toBe(202);
    expect(server.records.all()[0]).not.toHaveProperty("digest");
    const reply = await send("distribution/web-pipeline", sample("distribution/chart"), BEARER);
    expect([reply.status, server.records.all()[0]?.digest]).toEqual([200, `sha256:${"2e".repeat(32)}`]);
  });

  test("of an event from a place that cannot be compared is one as well", async () => {
    await server.stop();
    const museum = {
      ...REGISTRY,
      kind: "chartmuseum",
      url: "https://c.example.com",
      fetchFrom: "http://c",
    } as const;
    server = await startServer({ settings: { chartRepositories: [museum] } });
    await send("distribution/web-pipeline", sample("distribution/chart"), BEARER);
    expect(server.records.all()).toMatchObject([{ chart: "web", version: "1.2.3" }]);
    expect(server.records.all()[0]).not.toHaveProperty("digest");
  });
});

test("an artifact of the same name in another repository of Artifactory is not the publisher's chart", async () => {
  await server.stop();
  const url = "https://acme.jfrog.io/artifactory/api/helm/helm-prod";
  const chartRepositories = [{ ...REGISTRY, kind: "index", url, fetchFrom: url } as const];
  server = await startServer({ settings: { chartRepositories } });
  const secret = { "x-jfrog-event-auth": SECRET };
  const body = sample("jfrog/artifact-deployed");
  const dev = await send("jfrog/web-pipeline", body.replace("helm-local", "helm-dev"), secret);
  expect(await dev.json()).toEqual({
    state: "ignored",
    because: "web in helm-dev is not in the chart repository stakater",
  });
  expect((await send("jfrog/web-pipeline", body.replace("helm-local", "helm-prod"), secret)).status).toBe(
    202,
  );
  expect(server.records.all()).toHaveLength(1);
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

test("an event of more charts than anybody pushes at once is refused whole", async () => {
  const tags = (count: number) => Array.from({ length: count }, (_, at) => `1.0.${at}`);
  const push = (count: number) =>
    send(
      "quay/web-pipeline",
      JSON.stringify({ repository: "charts/web", updated_tags: tags(count) }),
      basic("web-pipeline", SECRET),
    );
  const answer = await push(501);
  expect(await answer.json()).toMatchObject({ state: "refused", refused: [{ code: "malformed" }] });
  expect(server.records.all()).toEqual([]);
  expect((await push(500)).status).toBe(202);
  expect(server.records.all()).toHaveLength(500);
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
  expect((await send("zot/web-pipeline", "{}", BEARER)).status).toBe(404);
});
