// `publish` as a pipeline calls it, against a server that is as servers and what stands in front of them are on a bad day.

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { packChart } from "../../src/sandbox/chartmuseum/pack-chart.ts";
import { commandLine, type Ended } from "../support/command-line.ts";

const SECRET = { PUBLISH_SECRET: "publisher-secret" };
const ARCHIVE = packChart({ name: "xposer", version: "1.0.1" });

interface Answer {
  readonly status: number;
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

let folder: string;
let server: Server;
/** The next answers; the last one stays. */
let answers: Answer[];
let requests: { readonly line: string; readonly body: string }[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "publish-"));
  writeFileSync(join(folder, "xposer.tgz"), ARCHIVE);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  answers = [];
  requests = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      requests.push({ line: `${request.method} ${request.url}`, body: Buffer.concat(chunks).toString() });
      const {
        status,
        body = "",
        headers = {},
      } = (answers.length > 1 ? answers.shift() : answers[0]) ?? {
        status: 500,
      };
      const type = typeof body === "string" ? "text/html" : "application/json";
      response.writeHead(status, { "content-type": type, ...headers });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => void server.close());

function url(): string {
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

function publish(...args: readonly string[]): Promise<Ended> {
  return publishTo(url(), ...args);
}

function publishTo(address: string, ...args: readonly string[]): Promise<Ended> {
  const words = ["publish", "--server", address, "--publisher", "p", ...args];
  return commandLine(words, { env: SECRET, cwd: folder });
}

const NAMED = ["--chart", "xposer", "--version", "1.0.1"];
const TAKEN: Answer = { status: 202, body: { id: "7", state: "accepted", url: "http://x/publishes/7" } };

function followed(state: string, promotions: readonly object[], more: object = {}): Answer {
  const body = { id: "7", chart: "xposer", version: "1.0.1", repository: "stakater", state };
  return { status: 200, body: { ...body, settled: true, pending: [], promotions, ...more } };
}

const DEV = { repository: "acme/config", environment: "dev" };
const PULL = { number: 3, url: "https://github.example.com/acme/config/pull/3" };

test("the archive gives the chart, the version and the digest", async () => {
  answers = [TAKEN];
  const { code, out } = await publish("--archive", "xposer.tgz");
  expect([code, out]).toEqual([0, "7: accepted\n"]);
  const digest = `sha256:${createHash("sha256").update(ARCHIVE).digest("hex")}`;
  expect(requests).toEqual([
    { line: "POST /publish", body: JSON.stringify({ digest, chart: "xposer", version: "1.0.1" }) },
  ]);
  const other = await publish("--archive", "xposer.tgz", "--version", "1.0.2");
  expect([other.code, other.err]).toEqual([
    1,
    "--version says 1.0.2, and the archive 1.0.1.\n  Leave --version out, or give the archive that is meant.\n",
  ]);
});

test("what passes is tried again, as late as the server asks for", async () => {
  answers = [
    { status: 503, headers: { "retry-after": "1" }, body: "<html>starting</html>" },
    { status: 502, body: "<html>bad gateway</html>" },
    TAKEN,
  ];
  const started = performance.now();
  const { code, out, err } = await publish(...NAMED);
  expect([code, out]).toEqual([0, "7: accepted\n"]);
  expect(performance.now() - started).toBeGreaterThan(3000);
  expect(err).toBe(
    `${url()}/publish answers 503; tried again in 1 second.\n${url()}/publish answers 502; tried again in 2 seconds.\n`,
  );
});

test("a connection that is cut, and a name that nobody knows, are tried again within --timeout", async () => {
  let cut = 0;
  const cutting = createTcpServer((socket) => {
    cut++;
    socket.resetAndDestroy();
  });
  await new Promise<void>((resolve) => cutting.listen(0, "127.0.0.1", resolve));
  const { port } = cutting.address() as AddressInfo;
  const reset = await publishTo(`http://127.0.0.1:${port}`, ...NAMED, "--timeout", "3s");
  cutting.close();
  expect([reset.code, reset.out]).toEqual([1, ""]);
  expect(cut).toBeGreaterThanOrEqual(2);
  expect(reset.err).toMatch(/ECONNRESET.*after --timeout\.\n {2}Mend what it names/s);
  const unknown = await publishTo("http://nobody.invalid", ...NAMED, "--timeout", "2s");
  expect(unknown.err).toMatch(/nobody\.invalid\/publish does not answer: .*; tried again in 1 second\.\n/);
});

test("what does not pass is told once, with its help and without markup", async () => {
  const problem = { code: "forbidden", detail: "p may not announce xposer.", help: "Name it under charts." };
  answers = [{ status: 403, body: problem, headers: { "content-type": "application/problem+json" } }];
  expect(await publish(...NAMED)).toEqual({
    code: 1,
    out: "",
    err: "p may not announce xposer (403).\n  Name it under charts.\n",
  });
  const inJson = await publish(...NAMED, "--json");
  expect([inJson.code, inJson.err]).toEqual([1, ""]);
  expect(JSON.parse(inJson.out).problems).toMatchObject([
    { code: "forbidden", help: "Name it under charts." },
  ]);
  answers = [{ status: 404, body: "<html><script>alert(1)</script></html>" }];
  const page = await publish(...NAMED);
  expect(page.err).toMatch(
    /answers 404 Not Found with text\/html, and not as chart-promoter does\.\n {2}Give --server/,
  );
  answers = [{ status: 308, headers: { location: "https://promoter.example.com/publish?token=x" } }];
  const moved = await publish(...NAMED);
  expect(moved.err).toMatch(/answers 308: it leads to https:\/\/promoter\.example\.com\/publish\.\n/);
  answers = [{ status: 200, body: "<html>signed in</html>" }];
  expect((await publish(...NAMED)).err).toContain("answers 200 OK with text/html");
  expect(requests.every(({ line }) => line === "POST /publish")).toBe(true);
});

test("it waits as long as it takes, and gives the address of the pull request", async () => {
  const waiting = followed("accepted", [], { settled: false });
  const planning = followed("verified", [], { settled: false, pending: ["acme/config"] });
  const proposed = { ...DEV, state: "proposed", because: "1.0.1 is the newest", pullRequest: PULL };
  const later = {
    ...DEV,
    environment: "prod",
    state: "unchanged",
    waiting: true,
    because: "waits until it is in dev",
  };
  answers = [TAKEN, waiting, { status: 503 }, planning, followed("verified", [proposed, later])];
  expect(await publish(...NAMED, "--wait", "10m")).toEqual({
    code: 0,
    out: `xposer 1.0.1 (7): verified
  acme/config dev: proposed, 1.0.1 is the newest
    ${PULL.url}
  acme/config prod: waiting, waits until it is in dev
`,
    err: `Waits for the chart repository to have it.
${url()}/publishes/7 answers 503; tried again in 1 second.
Waits for acme/config.
`,
  });
});

test("it ends with 1 for what is rejected or refused, and with 3 for what is not settled in time", async () => {
  const problem = { code: "chart-missing", message: "It is not there.", help: "Upload it." };
  answers = [TAKEN, followed("rejected", [], { problem })];
  const rejected = await publish(...NAMED, "--wait", "5s");
  expect([rejected.code, rejected.out]).toEqual([
    1,
    "xposer 1.0.1 (7): rejected\n  It is not there.\n  Upload it.\n",
  ]);
  answers = [
    TAKEN,
    followed("verified", [{ ...DEV, state: "refused", because: "the lock is stale", help: "Update it." }]),
  ];
  const refused = await publish(...NAMED, "--wait", "5s");
  expect([refused.code, refused.out]).toEqual([
    1,
    "xposer 1.0.1 (7): verified\n  acme/config dev: refused, the lock is stale\n    Update it.\n",
  ]);
  answers = [TAKEN, followed("verified", [], { settled: false, pending: ["acme/config"] })];
  const late = await publish(...NAMED, "--wait", "1s");
  expect([late.code, late.out]).toEqual([3, "xposer 1.0.1 (7): verified\n  acme/config: not settled yet\n"]);
  const inJson = await publish(...NAMED, "--wait", "0", "--json");
  expect([inJson.code, JSON.parse(inJson.out)]).toMatchObject([3, { id: "7", settled: false }]);
});

test("mistakes of the caller are sentences, or one JSON document, and never a stack trace", async () => {
  writeFileSync(join(folder, "broken.yaml"), "a: [\n");
  writeFileSync(join(folder, "no.tgz"), "no archive");
  const ends = async (...args: readonly string[]) => {
    const { code, out, err } = await publish(...args, "--json");
    expect(out + err).not.toMatch(/^\s+at /m);
    return [code, JSON.parse(out).problems[0].message];
  };
  expect(await ends("--archive", "missing.tgz")).toEqual([1, expect.stringContaining("missing.tgz")]);
  expect(await ends("--archive", "no.tgz")).toEqual([
    1,
    expect.stringContaining("no.tgz cannot be read as a packed chart"),
  ]);
  expect(await ends("--archive", ".")).toEqual([1, expect.stringContaining("it is a folder")]);
  expect(await ends(...NAMED, "--values", "broken.yaml")).toEqual([
    1,
    expect.stringContaining("Helm could not read"),
  ]);
  expect(await ends("--chart", "xposer")).toEqual([1, "Neither --version nor --archive is given."]);
  expect(await ends(...NAMED, "--wait", "soon")).toEqual([
    2,
    expect.stringContaining("Give a duration such as 30s"),
  ]);
  expect(await ends(...NAMED, "--nonsense")).toEqual([2, expect.stringContaining("--nonsense")]);
  const login = await publishTo("https://bob:s3cret@example.com", ...NAMED);
  expect([login.code, login.err]).toEqual([1, expect.stringContaining("https://example.com/ is no address")]);
  expect(requests).toEqual([]);
});
