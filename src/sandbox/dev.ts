// `npm run dev`: keeps the sandbox's GitHub, ChartMuseum and config repository running; restarts the server whenever
// one of its files changes. Stops with Ctrl-C.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, watch, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startMuseum } from "./chartmuseum/museum.ts";
import { packChart } from "./chartmuseum/pack-chart.ts";
import { startGitHub } from "./github/github.ts";
import { CONFIG_REPOSITORY, configRepository, MUSEUM_URL, PIPELINE, WEBHOOK_SECRET } from "./test-bed.ts";

const SOURCES = fileURLToPath(new URL("..", import.meta.url));
const ENTRY = join(SOURCES, "main.ts");
/** Files saved within this time cause one restart. */
const SAVED_WITHIN_MS = 200;

const folder = await mkdtemp(join(tmpdir(), "chart-promoter-dev-"));
const github = await startGitHub();
const museum = await startMuseum();
await museum.upload(packChart({ name: "xposer", version: "1.0.0" }));
github.createRepository({
  name: CONFIG_REPOSITORY,
  files: configRepository(),
  people: { alice: "write", bob: "read" },
});
github.install({ account: "acme", repositories: "all" });
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
github.webhooks.sendTo({ url: `${url}/api/github/webhooks`, secret: WEBHOOK_SECRET });

const serverConfig = join(folder, "server.yaml");
await writeFile(
  serverConfig,
  `chartRepositories:
  stakater: { url: "${MUSEUM_URL}", fetchFrom: "${museum.url}" }
publishers:
  ${PIPELINE.name}: { secret: ${PIPELINE.secret}, repository: stakater, charts: ["xposer"], source: ["acme/*"] }
metrics: public
`,
);
const environment = {
  PATH: process.env["PATH"],
  LOG_LEVEL: process.env["LOG_LEVEL"] ?? "info",
  PORT: String(port),
  HOST: "127.0.0.1",
  APP_ID: String(github.app.id),
  PRIVATE_KEY: github.app.privateKey,
  WEBHOOK_SECRET,
  GHE_HOST: new URL(github.url).host,
  GHE_PROTOCOL: "http",
  SERVER_CONFIG: serverConfig,
  DATA_DIR: join(folder, "data"),
};

console.log(`The server:   ${url} (publisher ${PIPELINE.name}, secret ${PIPELINE.secret})
GitHub:       ${github.url}/${CONFIG_REPOSITORY} (alice may write, bob may read)
ChartMuseum:  ${museum.url}
Its files:    ${folder}
Publish with:
  curl -u ${PIPELINE.name}:${PIPELINE.secret} -H 'content-type: application/json' \\
    -d '{"chart": "xposer", "version": "1.0.1"}' ${url}/publish
after an upload of that version:
  curl --data-binary @xposer-1.0.1.tgz ${museum.url}/api/charts
`);

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.abort());
while (!stopping.signal.aborted) {
  const server = spawn(process.execPath, [ENTRY], { env: environment, stdio: "inherit" });
  await nextChange(stopping.signal);
  server.kill("SIGTERM");
  if (server.exitCode === null) await once(server, "exit");
}
await Promise.all([github.close(), museum.close()]);
await rm(folder, { recursive: true, force: true });

/** The server keeps its port across restarts. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port is free");
  return address.port;
}

/** Node's own --watch intercepts the messages of worker threads. */
async function nextChange(signal: AbortSignal): Promise<void> {
  try {
    for await (const _change of watch(SOURCES, { recursive: true, signal })) break;
    await sleep(SAVED_WITHIN_MS);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
