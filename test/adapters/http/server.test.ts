import { connect } from "node:net";

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { createMetrics } from "../../../src/adapters/http/metrics.ts";
import { VERSION } from "../../../src/domain/model/program.ts";
import { type Running, startServer, XPOSER } from "../../support/http-server.ts";

let server: Running;

beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.stop());

describe("what is not there", () => {
  test("an unknown path: 404", async () => {
    const answer = await fetch(`${server.url}/nothing?secret=x`);
    expect([answer.status, await answer.json()]).toMatchObject([
      404,
      { code: "not-found", title: "Not Found" },
    ]);
    expect(JSON.stringify(server.lines)).not.toContain("secret=x");
  });

  test.each([
    ["GET", "/publish", "POST"],
    ["DELETE", "/publishes/1", "GET, HEAD"],
    ["PUT", "/publish/harbor/x", "POST"],
    ["GET", "/museum/x/api/charts", "POST"],
    ["GET", "/api/github/webhooks", "POST"],
    ["OPTIONS", "/deployments/1/status", "POST"],
  ])("%s %s: 405 with Allow: %s", async (method, path, allow) => {
    const answer = await fetch(server.url + path, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe(allow);
    expect(await answer.json()).toMatchObject({ code: "method-not-allowed", help: `Use ${allow}.` });
  });

  test.each(["/%", "/publishes/%ff", "/publish/../etc", "//", `/${"a".repeat(5000)}`])(
    "the path %.20s is refused, not failed",
    async (path) => {
      const status = Number(
        (await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).slice(9, 12),
      );
      expect([400, 401, 404]).toContain(status);
    },
  );

  test("bytes that are no HTTP get a problem too", async () => {
    const answer = await raw("how do you do\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/problem\+json/);
    expect(JSON.parse(answer.slice(answer.indexOf("{")))).toMatchObject({ code: "malformed", status: 400 });
  });

  test("a Host that is none still leaves a usable path in the answer", async () => {
    const body = '{"chart":"xposer","version":"1.0.0"}';
    const answer = await raw(
      `POST /publish HTTP/1.1\r\nHost: ::bad::\r\nConnection: close\r\nAuthorization: ${XPOSER.authorization}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(answer).toMatch(/"url":"\/publishes\//);
  });
});

function raw(request: string): Promise<string> {
  const { hostname, port } = new URL(server.url);
  const answer = Promise.withResolvers<string>();
  const socket = connect(Number(port), hostname, () => socket.write(request));
  let text = "";
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    text += chunk;
  });
  socket.on("close", () => answer.resolve(text));
  socket.on("error", answer.reject);
  return answer.promise;
}

describe("every request", () => {
  test("has an id: the caller's when it is fit for a log, else a new one", async () => {
    const ask = async (id: string) =>
      (await fetch(`${server.url}/healthz`, { headers: { "x-request-id": id } })).headers.get("x-request-id");
    expect(await ask("build-17")).toBe("build-17");
    expect(await ask('x" evil="1')).toMatch(/^[0-9a-f-]{36}$/);
    expect(server.lines.map(({ fields }) => fields["requestId"])).toContain("build-17");
  });

  test("is answered without a 500 whatever JSON it brings", async () => {
    const send = async (body: string) => {
      const answer = await fetch(`${server.url}/publish`, {
        method: "POST",
        headers: { "content-type": "application/json", ...XPOSER },
        body,
      });
      expect([200, 202, 400, 403, 409]).toContain(answer.status);
      expect(await answer.json()).toMatchObject(
        answer.status < 300 ? { id: expect.any(String) } : { code: expect.any(String) },
      );
    };
    await fc.assert(fc.asyncProperty(fc.oneof(fc.json(), fc.string(), ANNOUNCEMENT), send), { numRuns: 300 });
  });

  test("that meets a mistake of the program is a 500 that tells nothing", async () => {
    await server.stop();
    server = await startServer({ notReady: () => Promise.reject(new Error("at /opt/secret.ts")) });
    const answer = await fetch(`${server.url}/readyz`);
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({ code: "internal", title: "Internal Server Error" });
    expect(server.lines.some(({ message }) => message === "unexpected error while answering")).toBe(true);
  });
});

const ANNOUNCEMENT = fc
  .record(
    {
      chart: fc.oneof(fc.constant("xposer"), fc.anything()),
      version: fc.oneof(fc.constant("1.0.0"), fc.string()),
      digest: fc.oneof(fc.constant(`sha256:${"0".repeat(64)}`), fc.string()),
      values: fc.oneof(fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()), fc.anything()),
      source: fc.oneof(fc.record({ revision: fc.string({ unit: "binary" }) }), fc.anything()),
    },
    { requiredKeys: ["chart", "version"] },
  )
  .map((value) => JSON.stringify(value, (_, part) => (typeof part === "bigint" ? String(part) : part)));

describe("for the operator", () => {
  test("/healthz is 200 while the process lives", async () => {
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });

  test("/ says what this is, and which version", async () => {
    const answer = await fetch(server.url);
    expect([answer.status, await answer.text()]).toEqual([
      200,
      expect.stringContaining(`chart-promoter ${VERSION}`),
    ]);
  });

  test("a long poll leaves the latency of requests alone", async () => {
    await fetch(`${server.url}/publishes/none?wait=1`);
    await fetch(`${server.url}/publishes/none`);
    const text = await (await fetch(`${server.url}/metrics`)).text();
    expect(text).toMatch(/http_request_duration_seconds_count\{[^}]*route="\/publishes\/:id"[^}]*\} 1$/m);
    expect(text).toContain(`chart_promoter_build_info{version="${VERSION}",node="${process.version}"} 1`);
  });

  test("/readyz is 503 with every reason until there is none", async () => {
    await server.stop();
    let reasons = ["GitHub does not answer.", "The database does not answer."];
    server = await startServer({ notReady: async () => reasons });
    const answer = await fetch(`${server.url}/readyz`);
    expect([answer.status, await answer.json()]).toMatchObject([
      503,
      { detail: reasons[0], problems: [{ message: reasons[0] }, { message: reasons[1] }] },
    ]);
    reasons = [];
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  });

  test("/metrics shows what was counted, requests and the queue", async () => {
    await server.stop();
    const metrics = createMetrics();
    metrics.readQueueFrom(async () => ({ due: 3, later: 2, running: 1, dead: 0 }));
    metrics.readFailingPollsFrom(async () => [{ repository: "stakater" }]);
    metrics.countPromotion("proposed");
    metrics.countDeployment("success");
    metrics.countGitHubRequest("query", "200");
    metrics.readBudgetsFrom(() => [{ installation: 5, resource: "graphql", remaining: 4999 }]);
    metrics.countPublish("accepted");
    metrics.observeWork("repository", "done", 0.2);
    server = await startServer({ metrics });
    await fetch(`${server.url}/publish`, {
      method: "POST",
      headers: { "content-type": "application/json", ...XPOSER },
      body: '{"chart":"xposer","version":"1.0.0"}',
    });
    const answer = await fetch(`${server.url}/metrics`);
    expect(answer.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await answer.text();
    for (const line of [
      'chart_promoter_publishes_total{state="accepted"} 1',
      'chart_promoter_queue_depth{state="due"} 3',
      'chart_promoter_poll_failing{repository="stakater"} 1',
      'chart_promoter_promotions_total{state="proposed"} 1',
      'chart_promoter_deployments_total{state="success"} 1',
      'chart_promoter_github_requests_total{kind="query",outcome="200"} 1',
      'chart_promoter_github_rate_limit_remaining{installation="5",resource="graphql"} 4999',
      'chart_promoter_work_duration_seconds_count{kind="repository",outcome="done"} 1',
      'chart_promoter_http_request_duration_seconds_count{method="POST",route="/publish",status="202"} 1',
      "process_cpu_user_seconds_total",
    ]) {
      expect(text).toContain(line);
    }
  });

  test.each<[string, object, number]>([
    ["the token", { authorization: "Bearer look" }, 200],
    ["another token", { authorization: "Bearer lok" }, 401],
    ["none", {}, 401],
  ])("/metrics with a token set, given %s", async (_, headers, status) => {
    await server.stop();
    server = await startServer({ settings: { metrics: { access: "token", token: "look" } } });
    const answer = await fetch(`${server.url}/metrics`, { headers: { ...headers } });
    expect(answer.status).toBe(status);
    const scheme = status === 401 ? 'Bearer realm="chart-promoter"' : null;
    expect(answer.headers.get("www-authenticate")).toBe(scheme);
  });
});
