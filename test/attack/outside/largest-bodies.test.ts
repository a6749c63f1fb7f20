// Whoever is let in sends the largest and slowest bodies that their door takes: GitHub a push of thousands of commits, a
// publisher and a registry megabytes of brackets, a deployer reports of everything there is. Nobody else waits for that.

import { createHmac } from "node:crypto";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ALICE, basic, MALLORY, startTarget, type Target, WEBHOOK_SECRET } from "../target.ts";

const MIB = 2 ** 20;
const PAYLOAD = 25 * MIB;
const HOOK = { publisher: "hook", secret: "hook-secret" };
let target: Target;

beforeAll(async () => {
  target = await startTarget({
    settings: {
      deployers: {
        hook: { webhook: "http://127.0.0.1:9/hook", secret: HOOK.secret, repositories: ["mallory/*"] },
      },
    },
    files: {
      ".github/chart-promoter.yml":
        "environments:\n  dev:\n    path: dev\n    deploy: [hook]\n    drift: { every: 15m }\n",
    },
  });
  await target.alicesTurn();
}, 180_000);
afterAll(() => target.stop(), 60_000);

/** `unit` as often as it fits. */
function filled(bytes: number, [head, unit, end]: readonly [string, string, string]): string {
  const left = bytes - Buffer.byteLength(head) - end.length;
  const text = unit.repeat(Math.floor(left / Buffer.byteLength(unit)));
  return `${head}${text.slice(0, -1)}${end}`;
}

function distinctKeys(count: number, prefix: string): string {
  return Array.from({ length: count }, (_, n) => `"${prefix}${n}":1`).join(",");
}

async function post(path: string, body: string, headers: object): Promise<number> {
  const answer = await fetch(`${target.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
  await answer.text();
  return answer.status;
}

async function deliver(event: string, id: string, body: string): Promise<number> {
  const signature = createHmac("sha256", WEBHOOK_SECRET).update(body).digest("hex");
  const headers = { "x-github-event": event, "x-github-delivery": id };
  return post("/api/github/webhooks", body, { ...headers, "x-hub-signature-256": `sha256=${signature}` });
}

async function held(work: () => Promise<unknown>): Promise<number> {
  await target.longestBlock();
  await work();
  await target.alicesTurn();
  return target.longestBlock();
}

const COMMIT = `{"id":"${"a".repeat(40)}","message":"${"m".repeat(600)}","added":["a","b"],"author":{"name":"n","email":"e"}},`;

describe("a delivery of 25 MiB", () => {
  test.each([
    ["commits", 202, ['"commits":[', COMMIT, "]}"]],
    ["names of files", 202, ['"commits":[', '"src/a.ts",', "]}"]],
    ["one text", 202, ['"commits":["', "ä", '"]}']],
    ["empty maps", 400, ['"commits":[', "{},", "]}"]],
    ["numbers", 400, ['"commits":[', "1,", "]}"]],
    ["brackets that never end", 400, ['"commits":', "[ ", ""]],
    ["keys", 400, [`"commits":{${distinctKeys(1_600_000, "")},`, '"":1,', "}}"]],
  ] as const)(
    "of %s holds nobody up",
    async (what, expected, [key, unit, end]) => {
      const { id } = target.github.repository(ALICE.repository);
      const head = `{"ref":"refs/heads/main","before":"${"0".repeat(40)}","after":"${"1".repeat(40)}","installation":{"id":1},"repository":{"id":${id}},${key}`;
      const body = filled(PAYLOAD, [head, unit, end]);
      let status = 0;
      const block = await held(async () => {
        status = await deliver("push", `large-${what}`, body);
      });
      expect(block).toBeLessThan(100);
      expect(status).toBe(expected);
    },
    60_000,
  );

  test("is refused whose signature is another's, or that names no event", async () => {
    const body = filled(PAYLOAD, ["[", "1,", "]"]);
    const signature = { "x-hub-signature-256": `sha256=${"0".repeat(64)}` };
    const headers = { "x-github-event": "push", "x-github-delivery": "unsigned" };
    expect(await post("/api/github/webhooks", body, { ...headers, ...signature })).toBe(401);
    expect(await deliver("", "nameless", body)).toBe(400);
  });

  test("is heard: an edit of an issue with more text than is read on the main thread", async () => {
    const repository = target.github.repository(ALICE.repository);
    const payload = {
      ...{ ref: "refs/heads/main", before: "0".repeat(40), after: "1".repeat(40), forced: false },
      ...{ installation: { id: 1 }, repository: { id: repository.id }, padding: "p".repeat(300_000) },
    };
    expect(await deliver("push", "heard-large", JSON.stringify(payload))).toBe(202);
    const received = target.log().find((line) => line.includes('"delivery":"heard-large"'));
    expect(received).toContain('"says":"branch-pushed"');
  });
});

const SLOW: readonly (readonly [what: string, body: string])[] = [
  ["empty lists", filled(MIB, ["[", "[],", "]"])],
  ["empty maps", filled(MIB, ["[", "{},", "]"])],
  ["brackets that never end", "[".repeat(MIB)],
  ["maps that never end", '{"a":'.repeat(MIB / 5)],
  ["numbers with a fault at the end", filled(MIB, ["[", "1,", "x"])],
  ["texts with a fault at the end", filled(MIB, ["[", '"a",', "x"])],
  ["keys of one map", `{${distinctKeys(60_000, "k")}}`],
  [
    "keys of many maps",
    `[${Array.from({ length: 9 }, (_, n) => `{${distinctKeys(5_000, `k${n}_`)}}`).join(",")}]`,
  ],
  [
    "keys of many small maps",
    `[${Array.from({ length: 3_000 }, (_, n) => `{${distinctKeys(20, `k${n}_`)}}`).join(",")}]`,
  ],
  ["values that are many", `{"chart":"mallory","version":"1.0.1","values":{${distinctKeys(4_990, "k")}}}`],
  ["a version", JSON.stringify({ chart: "mallory", version: `1.0.0-${"a.".repeat(MIB / 2 - 99)}` })],
  ["a log address", JSON.stringify({ state: "success", log: `http://a/${"a".repeat(MIB - 99)}` })],
  ["a log address of dots", JSON.stringify({ state: "success", log: `http://${"ä.".repeat(MIB / 3 - 99)}` })],
  ["fields that are none", driftOf(200, { fields: Array(1_000).fill("") })],
  ["resources that are none", `{"revision":"${"a".repeat(40)}","resources":[${"{},".repeat(9_999)}{}]}`],
];

function driftOf(count: number, more: object): string {
  const one = (n: number) => ({ kind: "Deployment", name: `web-${n}`, change: "changed", ...more });
  return JSON.stringify({
    revision: "a".repeat(40),
    resources: Array.from({ length: count }, (_, n) => one(n)),
  });
}

test.each(SLOW)(
  "a megabyte of %s holds nobody up at any door",
  async (_what, body) => {
    const statuses: number[] = [];
    const block = await held(async () => {
      for (const path of ["/publish", "/publish/harbor/mallory", "/publish/cdevents/mallory"])
        statuses.push(await post(path, body, basic(MALLORY)));
      for (const path of ["/deployments/1/status", "/deployments/1/drift"])
        statuses.push(await post(path, body, basic(HOOK)));
    });
    expect(statuses.filter((status) => status < 400 || status >= 500)).toEqual([]);
    expect(block).toBeLessThan(100);
  },
  60_000,
);

test("a drift of 9,000 resources is reported, again and otherwise, and holds nobody up", async () => {
  await target.release(MALLORY, { version: "1.0.1" });
  const repository = target.github.repository(MALLORY.repository);
  const open = await until(() => target.pulls(MALLORY)[0]);
  target.github.as("mallory").merge(MALLORY.repository, open.number);
  const { id, oid } = await until(() => [...repository.deployments.values()].at(-1));
  await until(async () => {
    const status = await post(`/deployments/${id}/status`, JSON.stringify({ state: "success" }), basic(HOOK));
    return status === 204 ? status : undefined;
  });
  for (const fields of [["spec.replicas"], ["spec.replicas"], ["spec.paused"]]) {
    const body = driftOf(9_000, { namespace: "dev", fields }).replace("a".repeat(40), oid);
    expect(body.length).toBeGreaterThan(0.8 * MIB);
    let status = 0;
    const block = await held(async () => {
      status = await post(`/deployments/${id}/drift`, body, basic(HOOK));
    });
    expect(status).toBe(204);
    expect(block).toBeLessThan(100);
  }
}, 120_000);

/** Sends a body in chunks of one byte (RFC 9112 section 7.1). */
function inPieces(path: string, pieces: number): Promise<string> {
  const { hostname, port, host } = new URL(target.url);
  const socket = connect(Number(port), hostname).setEncoding("utf8");
  const head = {
    host,
    ...basic(MALLORY),
    "content-type": "application/json",
    "transfer-encoding": "chunked",
  };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`POST ${path} HTTP/1.1\r\n${lines.join("")}\r\n${"1\r\n1\r\n".repeat(pieces)}0\r\n\r\n`);
  return new Promise((resolve, reject) => {
    let answer = "";
    socket.on("data", (text) => {
      answer += String(text);
    });
    socket.on("error", reject).on("close", () => resolve(answer));
  });
}

test.each(["/publish", "/publish/harbor/mallory", "/museum/museum/api/charts"])(
  "a body of %s in 200,000 pieces of a byte is not read to its end, and holds nobody up",
  async (path) => {
    let answer = "";
    const block = await held(async () => {
      answer = await inPieces(path, 200_000);
    });
    expect(block).toBeLessThan(100);
    expect(answer).toMatch(/^HTTP\/1\.1 400 .*in too many pieces/s);
  },
  60_000,
);

async function until<Thing>(find: () => Thing | undefined | Promise<Thing | undefined>): Promise<Thing> {
  for (const end = Date.now() + 60_000; Date.now() < end; ) {
    const found = await find();
    if (found !== undefined) return found;
    await sleep(50);
  }
  throw new Error("it never came");
}
