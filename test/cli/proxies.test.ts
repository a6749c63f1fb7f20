// A server that reaches nothing but through a proxy: every host's name is one that only the proxy knows.

import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { startMuseum } from "../../src/sandbox/chartmuseum/museum.ts";
import { packChart } from "../../src/sandbox/chartmuseum/pack-chart.ts";
import { type Bot, startBot } from "../../src/sandbox/demo/bot.ts";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

let folder: string;
let museum: Awaited<ReturnType<typeof startMuseum>>;
let proxy: Server;
let requests: Set<string>;
let bot: Bot;

/** Leads every name to the ChartMuseum, whether it is asked to pass on a request or to open a tunnel. */
async function startProxy(port: number): Promise<Server> {
  const server = createServer((request, response) => {
    const { host, pathname, search } = new URL(request.url ?? "");
    requests.add(host);
    void fetch(`http://127.0.0.1:${port}${pathname}${search}`, { method: request.method ?? "GET" }).then(
      async (answer) => response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer())),
    );
  });
  server.on("connect", (request: IncomingMessage, client: Socket) => {
    requests.add(String(request.url).replace(/:80$/, ""));
    const upstream = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [client, upstream]) socket.on("error", () => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

beforeEach(async () => {
  requests = new Set();
  folder = await mkdtemp(join(tmpdir(), "proxies-"));
  museum = await startMuseum();
  await museum.upload(packChart({ name: "web", version: "1.0.0" }));
  proxy = await startProxy(Number(new URL(museum.url).port));
  const file = join(folder, "server.yaml");
  await writeFile(
    file,
    `chartRepositories:
  museum: { url: http://museum.example.test, poll: off }
  index: { url: http://index.example.test, kind: index, poll: off }
publishers:
  museum: { secret: s, repository: museum, charts: [web] }
  index: { secret: s, repository: index, charts: [web] }
`,
  );
  const { port } = proxy.address() as AddressInfo;
  bot = await startBot({
    ...{ PORT: "0", HOST: "127.0.0.1", DATA_DIR: join(folder, "data"), SERVER_CONFIG: file },
    ...{ APP_ID: "1", WEBHOOK_SECRET: "hush", GHE_HOST: "github.example.test", GHE_PROTOCOL: "http" },
    PRIVATE_KEY: String(privateKey.export({ type: "pkcs8", format: "pem" })),
    HTTP_PROXY: `http://localhost:${port}`,
    NO_PROXY: "127.0.0.1",
  });
});
afterEach(async () => {
  await bot.stop();
  proxy.closeAllConnections();
  proxy.close();
  await museum.close();
  await rm(folder, { recursive: true });
});

async function verified(publisher: string): Promise<string> {
  const authorization = `Basic ${Buffer.from(`${publisher}:s`).toString("base64")}`;
  const headers = { authorization, "content-type": "application/json" };
  const body = JSON.stringify({ chart: "web", version: "1.0.0" });
  const answer = await fetch(`${bot.url}/publish`, { method: "POST", headers, body });
  const { id }: { readonly id: string } = JSON.parse(await answer.text());
  const progress = await fetch(`${bot.url}/publishes/${id}?wait=20`, { headers: { authorization } });
  return Object(await progress.json())["state"];
}

test("a proxy that is none is told of, and what needs no network works", async () => {
  const cli = fileURLToPath(new URL("../../src/cli/chart-promoter.ts", import.meta.url));
  const env = { ...process.env, HTTPS_PROXY: "proxy:3128" };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [cli, "--version"], { env });
  expect(stdout).toMatch(/^\d+\.\d+\.\d+/);
  expect(stderr).toBe("HTTPS_PROXY is no http or https address of a proxy: no proxy is used.\n");
});

test("chart repositories, also those that threads read, and GitHub are reached by the proxy", async () => {
  expect([await verified("museum"), await verified("index")]).toEqual(["verified", "verified"]);
  for (let tries = 0; tries < 100 && !requests.has("github.example.test"); tries++) await sleep(50);
  expect([...requests].sort()).toEqual(["github.example.test", "index.example.test", "museum.example.test"]);
});
