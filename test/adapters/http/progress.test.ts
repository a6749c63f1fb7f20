import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";

import { basic, type Running, startServer, XPOSER } from "../../support/http-server.ts";

const WEB = basic("web-pipeline", "whsec_c2VzYW1lIG9wZW4gc2VzYW1lIQ==");

let server: Running;

beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.stop());

async function publish(): Promise<{ readonly id: string; readonly url: string }> {
  await fetch(`${server.url}/publish`, {
    method: "POST",
    headers: { "content-type": "application/json", ...XPOSER },
    body: JSON.stringify({ chart: "xposer", version: "1.2.3", values: { a: 1 } }),
  });
  const id = server.records.all()[0]?.id ?? "";
  return { id, url: `${server.url}/publishes/${id}` };
}

const REPOSITORY = {
  id: 7,
  installationId: 1,
  owner: "stakater",
  name: "config",
  defaultBranch: "main",
  archived: false,
};

describe("asking after a publish", () => {
  test("tells its state and what became of it in each environment", async () => {
    const { id, url } = await publish();
    server.records.addRepository(REPOSITORY);
    server.records.change(id, { state: "verified" });
    const pullRequest = { number: 3, url: "https://github.example.com/stakater/config/pull/3" };
    const record = { publishId: id, chart: "xposer", environment: "dev", because: "1.2.2 is older" };
    server.records.promote({ ...record, repositoryId: 7, state: "proposed", pullRequest });
    server.records.promote({ ...record, repositoryId: 8, state: "unchanged", because: "gone" });
    server.records.promote({ ...record, repositoryId: 9, state: "waiting", because: "waits for dev" });
    const answer = await fetch(url, { headers: XPOSER });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      id,
      chart: "xposer",
      version: "1.2.3",
      repository: "stakater",
      state: "verified",
      settled: true,
      pending: [],
      promotions: [
        {
          repository: "stakater/config",
          environment: "dev",
          state: "proposed",
          because: "1.2.2 is older",
          pullRequest,
        },
        { repository: "unknown", environment: "dev", state: "unchanged", because: "gone" },
        {
          repository: "unknown",
          environment: "dev",
          state: "unchanged",
          waiting: true,
          because: "waits for dev",
        },
      ],
    });
  });

  test("tells why it was rejected", async () => {
    const { id, url } = await publish();
    const problem = { code: "chart-missing", message: "not there", help: "push it" } as const;
    server.records.change(id, { state: "rejected", problem: { ...problem, place: { file: "x" } } });
    expect(await (await fetch(url, { headers: XPOSER })).json()).toMatchObject({
      state: "rejected",
      problem,
    });
  });

  test.each([
    ["another publisher", WEB, 404],
    ["nobody", {}, 401],
    ["a wrong secret", basic("xposer-pipeline", "x"), 401],
  ])("%s is refused", async (_, headers, status) => {
    const { url } = await publish();
    expect((await fetch(url, { headers })).status).toBe(status);
    expect(server.refusals()).toHaveLength(1);
  });

  test("an unknown id is answered as another publisher's is", async () => {
    const { url, id } = await publish();
    const foreign = await (await fetch(url, { headers: WEB })).text();
    const unknown = await (await fetch(`${server.url}/publishes/none`, { headers: WEB })).text();
    expect(unknown.replace('"none\\"', `"${id}\\"`)).toBe(foreign);
  });
});

describe("waiting for a publish", () => {
  test("ends when it is verified and every repository has looked", async () => {
    const { id, url } = await publish();
    server.records.route(id, [7]);
    let isAnswered = false;
    const answer = fetch(`${url}?wait=30`, { headers: XPOSER }).then((response) => {
      isAnswered = true;
      return response;
    });
    server.records.change(id, { state: "verified" });
    await pause(300);
    expect(isAnswered).toBe(false);
    server.records.route(id, []);
    expect(await (await answer).json()).toMatchObject({ state: "verified" });
  });

  test("ends with the state as it is when the time is over", async () => {
    const { url } = await publish();
    const started = performance.now();
    expect(await (await fetch(`${url}?wait=1`, { headers: XPOSER })).json()).toMatchObject({
      state: "accepted",
    });
    expect(performance.now() - started).toBeGreaterThan(950);
  });

  test("does not keep the server from stopping", async () => {
    const { url } = await publish();
    const answer = fetch(`${url}?wait=60`, { headers: XPOSER });
    await pause(100);
    const started = performance.now();
    await server.stop();
    expect((await answer).status).toBe(200);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test("no more than 600 wait at once of one publisher, and whoever asks without waiting is answered", async () => {
    const { url } = await publish();
    const leaving = new AbortController();
    const ask = (wait: string) => fetch(`${url}${wait}`, { headers: XPOSER, signal: leaving.signal });
    const waiting = Array.from({ length: 601 }, () => ask("?wait=60"));
    const refused = await Promise.race(waiting);
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("10");
    expect((await ask("")).status).toBe(200);
    leaving.abort();
    await Promise.allSettled(waiting);
  }, 60_000);

  test.each(["x", "-1", "1.5", "", "1&wait=2"])("?wait=%s is a 400", async (wait) => {
    const { url } = await publish();
    expect((await fetch(`${url}?wait=${wait}`, { headers: XPOSER })).status).toBe(400);
  });
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
