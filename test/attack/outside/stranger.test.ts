// Somebody on the internet without any credentials: bodies that nobody asked for cost little memory, no place in a queue, and
// nothing that lasts.

import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import { ALICE, basic, MALLORY, METRICS_TOKEN, startTarget, type Target, WEBHOOK_SECRET } from "../target.ts";

const MIB = 2 ** 20;
let target: Target;
const sockets: Socket[] = [];
beforeAll(async () => {
  target = await startTarget();
}, 180_000);
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});
afterAll(() => target.stop());

interface Announced {
  readonly path: string;
  /** What Content-Length says. */
  readonly bytes: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request whose body begins with these bytes, and never ends. */
function halfSent({ path, bytes, headers = {} }: Announced, body: Uint8Array) {
  const { hostname, port, host } = new URL(target.url);
  const lines = Object.entries({
    host,
    "content-type": "application/json",
    "content-length": String(bytes),
    ...headers,
  });
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  let answer = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    answer += chunk;
  });
  const ended = new Promise<string>((resolve) => {
    socket.on("error", () => resolve(answer)).on("close", () => resolve(answer));
  });
  socket.write(
    `POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`,
  );
  const sent = new Promise<void>((resolve) => {
    socket.write(body, () => resolve());
    socket.on("close", () => resolve());
  });
  return { ended, sent };
}

async function residentMiB(): Promise<number> {
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
  const text = await (await fetch(`${target.url}/metrics`, { headers })).text();
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1]) / MIB;
}

function status(answer: string): number {
  return Number(answer.slice(9, 12));
}

const SIGNED_BY_NOBODY = { "x-hub-signature-256": `sha256=${"0".repeat(64)}`, "x-github-event": "push" };

test("40 unsigned bodies of 24 MiB held open cost less than 300 MiB, and GitHub's deliveries are taken", async () => {
  const before = await residentMiB();
  const large = randomBytes(24 * MIB - 1);
  const about = { path: "/api/github/webhooks", bytes: 24 * MIB, headers: SIGNED_BY_NOBODY };
  await Promise.all(Array.from({ length: 40 }, () => halfSent(about, large).sent));
  const cost = (await residentMiB()) - before;
  const body = JSON.stringify({ zen: "Keep it logically awesome." });
  const signature = `sha256=${createHmac("sha256", WEBHOOK_SECRET).update(body).digest("hex")}`;
  const answer = await fetch(`${target.url}${about.path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-hub-signature-256": signature,
      "x-github-event": "ping",
      "x-github-delivery": "1",
    },
    body,
  });
  expect(answer.status).toBe(202);

  expect(cost).toBeLessThan(300);
}, 60_000);

test("uploads that stop half-way keep no place: an honest one goes through, and they are ended within seconds", async () => {
  const half = Array.from({ length: 20 }, () =>
    halfSent({ path: "/museum/museum/api/charts", bytes: MIB }, Buffer.alloc(1000)),
  );
  await Promise.all(half.map(({ sent }) => sent));
  await sleep(100);
  const packed = packChart({ name: "alice-1", version: "3.0.0" });
  const answer = await fetch(`${target.url}/museum/museum/api/charts`, {
    method: "POST",
    headers: basic(ALICE),
    body: new Uint8Array(packed),
  });
  expect(answer.status).toBe(201);
  const answers = await Promise.race([
    Promise.all(half.map(({ ended }) => ended)),
    sleep(30_000, undefined, { ref: false }),
  ]);
  expect(answers?.map(status)).toEqual(half.map(() => 408));
}, 60_000);

test("a body that nobody reads ends the connection with the answer", async () => {
  const { hostname, port, host } = new URL(target.url);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  socket.resume().on("error", () => undefined);
  const ended = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.write(`GET /healthz HTTP/1.1\r\nhost: ${host}\r\ntransfer-encoding: chunked\r\n\r\n1\r\n1\r\n`);
  await Promise.race([ended, sleep(5_000, undefined, { ref: false })]);
  expect(socket.destroyed).toBe(true);
});

test.each([
  ["/nothing", 404],
  ["/healthz", 405],
  ["/metrics", 405],
  ["/deployers/hook/watch", 405],
])(
  "300 bodies of a megabyte to %s, which takes none, are not waited for and cost nothing",
  async (path, code) => {
    const before = await residentMiB();
    const body = Buffer.alloc(MIB - 1);
    const half = Array.from({ length: 300 }, () => halfSent({ path, bytes: MIB }, body));
    const answers = await Promise.race([
      Promise.all(half.map(({ ended }) => ended)),
      sleep(10_000, undefined, { ref: false }),
    ]);
    const cost = (await residentMiB()) - before;
    expect(answers?.filter((answer) => answer !== "").map(status)).toContain(code);
    expect(cost).toBeLessThan(100);
  },
  60_000,
);

test("thousands of requests in one packet, without waiting for an answer, hold nobody up", async () => {
  const { hostname, port, host } = new URL(target.url);
  const get = `GET /healthz HTTP/1.1\r\nhost: ${host}\r\n\r\n`;
  const publish = `POST /publish HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 2\r\n\r\n{}`;
  await target.longestBlock();
  for (const many of [get.repeat(2_000), publish.repeat(5_000)]) {
    const socket = connect(Number(port), hostname);
    sockets.push(socket);
    const ended = new Promise<void>((resolve) => {
      socket.on("error", () => resolve()).on("close", () => resolve());
    });
    socket.resume().write(many);
    await Promise.race([ended, sleep(10_000, undefined, { ref: false })]);
    expect(socket.destroyed).toBe(true);
  }
  expect((await fetch(`${target.url}/healthz`)).status).toBe(200);
  expect(await target.longestBlock()).toBeLessThan(100);
}, 60_000);

test.each([
  ["announces without credentials", { path: "/publish", bytes: MIB }],
  [
    "announces with a wrong secret",
    { path: "/publish", bytes: MIB, headers: basic({ ...ALICE, secret: "guess" }) },
  ],
  ["reports as no deployer", { path: "/deployments/1/status", bytes: MIB }],
  ["delivers without a signature", { path: "/api/github/webhooks", bytes: 24 * MIB }],
  ["uploads to no repository", { path: "/museum/nothing/api/charts", bytes: 20 * MIB }],
  [
    "announces what is larger than any announcement",
    { path: "/publish", bytes: 20 * MIB, headers: basic(ALICE) },
  ],
])("whoever %s is answered before the body has come", async (_what, about) => {
  const { ended } = halfSent(about, Buffer.alloc(1));
  const answer = await Promise.race([ended, sleep(4_000, undefined, { ref: false })]);
  expect([401, 404, 413]).toContain(status(answer ?? "no answer"));
});

test.each([
  ["a path of 15 kB", `/${"a".repeat(15_000)}`, {}],
  ["a deployment of 15 kB", `/deployments/${"9".repeat(15_000)}/status`, {}],
  ["a user of 10 kB", "/publish", basic({ publisher: "a".repeat(10_000), secret: "x" })],
  ["a system's door with 15 kB of publisher", `/publish/harbor/${"a".repeat(15_000)}`, {}],
  ["a signature of 10 kB", "/publish", { "x-publisher": "a".repeat(5_000), "webhook-id": "b".repeat(5_000) }],
  ["a media type of 10 kB", "/publish", { "content-type": `text/${"a".repeat(10_000)}`, ...basic(ALICE) }],
])("%s is refused with less than 1 kB in the log, and nothing that lasts", async (_what, path, headers) => {
  const id = randomUUID();
  const answer = await fetch(`${target.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-request-id": id, ...headers },
    body: "{}",
  });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect((await answer.text()).length).toBeLessThan(2_000);
  await sleep(500);
  const lines = target.log().filter((line) => line.includes(id));
  expect(lines.join("").length).toBeLessThan(1_000);
});

/** The answer to these bytes. */
async function answerTo(bytes: string): Promise<string> {
  const { hostname, port } = new URL(target.url);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  let answer = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    answer += chunk;
  });
  const ended = new Promise<void>((resolve) => {
    socket.on("error", () => resolve()).on("close", () => resolve());
  });
  socket.write(Buffer.from(bytes, "latin1"));
  await ended;
  return answer;
}

const MALLORYS = `authorization: ${basic(MALLORY).authorization}`;
const ALICES = `authorization: ${basic(ALICE).authorization}`;
const CHART = '{"chart":"alice-1","version":"1.0.0"}';

test.each([
  ["two callers", 400, [ALICES, MALLORYS]],
  ["two callers, in another case", 400, [ALICES, MALLORYS.replace("auth", "AUTH")]],
  ["two hosts", 400, [ALICES, "host: mallory.example.com"]],
  ["two media types", 400, [ALICES, "content-type: text/plain"]],
  ["two lengths", 400, [ALICES, "content-length: 3"]],
  ["a length and chunks", 400, [ALICES, "transfer-encoding: chunked"]],
  ["a coding that is not undone here", 415, [ALICES, "content-encoding: gzip"]],
  ["a name that ends in a blank", 400, [ALICES, "content-length : 3"]],
  ["a header that goes on in the next line", 400, [ALICES, "x-folded: a\r\n b"]],
  ["what is expected of nobody", 417, [ALICES, "expect: 200-ok"]],
])("a request with %s is nobody's", async (_what, expected, more) => {
  const { host } = new URL(target.url);
  const headers = ["content-type: application/json", `content-length: ${CHART.length}`, "connection: close"];
  const lines = ["POST /publish HTTP/1.1", `host: ${host}`, ...headers, ...more, "", CHART];
  expect(status(await answerTo(lines.join("\r\n")))).toBe(expected);
});

test("a path and a name that would steer a terminal do not, from the log", async () => {
  const { host } = new URL(target.url);
  const steering = "\u001b[2J\u007f\u009b31m\u202etxt.exe\u2028";
  const credentials = Buffer.from(`${steering}:x`).toString("base64");
  const ids = [randomUUID(), randomUUID(), randomUUID()];
  const request = (line: string, id: string | undefined, more: string) =>
    `${line} HTTP/1.1\r\nhost: ${host}\r\nx-request-id: ${id}\r\nconnection: close\r\n${more}`;
  const json = "content-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
  for (const [bytes, answers] of [
    [request("GET /x\u009b31m\u007f\u00ad", ids[0], "\r\n"), [400, 404]],
    [request("POST /publish", ids[1], `authorization: Basic ${credentials}\r\n${json}`), [401]],
    [request("POST /publish/harbor/%1B%5B2J%C2%9B31m", ids[2], json), [401, 404]],
  ] as const) {
    expect(answers).toContain(status(await answerTo(bytes)));
  }
  await sleep(500);
  const lines = target.log().filter((line) => ids.some((id) => line.includes(id)));
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) {
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(ids).toContain(JSON.parse(line).requestId);
  }
});
