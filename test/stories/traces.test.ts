// A publish's trace: from the call that announced it over a kill of the server to the deployer's report.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "@jest/globals";
import { stringify } from "yaml";
import { startMuseum } from "../../src/sandbox/chartmuseum/museum.ts";
import { packChart } from "../../src/sandbox/chartmuseum/pack-chart.ts";
import { type Bot, startBot } from "../../src/sandbox/demo/bot.ts";
import { startGitHub } from "../../src/sandbox/github/github.ts";
import {
  CONFIG_REPOSITORY,
  configRepository,
  MUSEUM_URL,
  PIPELINE,
  PUBLISHER,
  WEBHOOK_SECRET,
} from "../../src/sandbox/test-bed.ts";
import { type CollectedSpan, startCollector } from "../support/collector.ts";
import { startHook } from "../support/hook.ts";

const HOOK_SECRET = "hook-secret";
/** Also on a busy machine, where a server takes long to start. */
const WAITS_MS = 60_000;
const TAKES_MS = 240_000;
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function startPlace(env: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), "chart-promoter-traces-"));
  const [github, museum, hook] = [await startGitHub(), await startMuseum(), await startHook()];
  await museum.upload(packChart({ name: "xposer", version: "1.0.0" }));
  const config = "environments:\n  dev:\n    path: dev\n    deploy: [hook]\n";
  github.createRepository({
    name: CONFIG_REPOSITORY,
    files: { ...configRepository(), ".github/chart-promoter.yml": config },
    people: { alice: "write" },
  });
  github.install({ account: "acme", repositories: "all" });
  const { name, secret, repository } = PIPELINE;
  const serverConfig = join(folder, "server.yaml");
  const settings = {
    chartRepositories: { stakater: { url: MUSEUM_URL, fetchFrom: museum.url, poll: "off" } },
    publishers: { [name]: { secret, repository, charts: ["xposer"] } },
    deployers: { hook: { webhook: `${hook.url}/deploy`, secret: HOOK_SECRET, repositories: ["acme/*"] } },
  };
  await writeFile(serverConfig, stringify(settings));
  const moduleLog = join(folder, "modules");
  await writeFile(moduleLog, "");
  let bot: Bot;
  const start = async () => {
    bot = await startBot({
      ...{ PORT: "0", HOST: "127.0.0.1", WEBHOOK_SECRET, SERVER_CONFIG: serverConfig },
      ...{ APP_ID: String(github.app.id), PRIVATE_KEY: github.app.privateKey },
      ...{ GHE_HOST: new URL(github.url).host, GHE_PROTOCOL: "http", DATA_DIR: join(folder, "data") },
      NODE_OPTIONS: `--import=${new URL("../support/module-log.ts", import.meta.url).href}`,
      MODULE_LOG: moduleLog,
      ...env,
    });
    github.webhooks.sendTo({ url: `${bot.url}/api/github/webhooks`, secret: WEBHOOK_SECRET });
    await until(async () => (await fetch(`${bot.url}/readyz`)).ok);
  };
  await start();
  closing.push(
    () => rm(folder, { recursive: true, force: true }),
    () => Promise.all([github.close(), museum.close(), hook.close()]),
    () => bot.stop(),
  );
  return {
    ...{ github, hook, start },
    pulls: () => github.repository(CONFIG_REPOSITORY).pulls(),
    kill: () => bot.kill(),
    stop: () => bot.stop(),
    url: () => bot.url,
    modules: async () => (await readFile(moduleLog, "utf8")).split("\n").filter((line) => line !== ""),
    /** Answers the publish's id. */
    publish: async (version: string, headers: Readonly<Record<string, string>> = {}): Promise<string> => {
      await museum.upload(packChart({ name: "xposer", version }));
      const answer = await fetch(`${bot.url}/publish`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: PUBLISHER, ...headers },
        body: JSON.stringify({ chart: "xposer", version }),
      });
      const { id }: { readonly id: string } = JSON.parse(await answer.text());
      return id;
    },
  };
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + WAITS_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error("waited in vain");
    await sleep(50);
  }
}

/** From a span up to one whose parent was not collected: their names, and that parent. */
function wayUp(span: CollectedSpan, spans: readonly CollectedSpan[]): readonly string[] {
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return [span.name, ...(parent ? wayUp(parent, spans) : [span.parentSpanId ?? "none"])];
}

test(
  "one trace for each publish, from the call over a kill to the deployment, and nothing secret in it",
  async () => {
    const collector = await startCollector();
    closing.push(() => collector.close());
    const place = await startPlace({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: "100",
      OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test",
    });
    const [caller, callers] = ["4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"];
    await place.publish("1.0.1", { traceparent: `00-${caller}-${callers}-01` });
    const has = (name: string) => collector.spans().some((span) => span.name === name);
    await until(() => has("open pull request") && has("check pull request"));
    await place.kill();
    await place.start();
    place.github.as("alice").merge(CONFIG_REPOSITORY, 1);
    await until(() => place.hook.received.length > 0);
    const { DEPLOYMENT_ID: id }: { readonly DEPLOYMENT_ID: string } = JSON.parse(
      place.hook.received[0]?.body ?? "",
    );
    const authorization = `Basic ${Buffer.from(`hook:${HOOK_SECRET}`).toString("base64")}`;
    const reported = await fetch(`${place.url()}/deployments/${id}/status`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization },
      body: JSON.stringify({ state: "success" }),
    });
    expect(reported.status).toBe(204);
    await until(() => has("deployer reports"));
    const second = await place.publish("1.0.2");
    await until(() => place.pulls().length === 2);
    await place.stop();
    const spans = collector.spans();
    expect([...new Set(spans.map(({ traceId }) => traceId))].sort()).toEqual(
      [caller, second.replaceAll("-", "")].sort(),
    );
    const ours = spans.filter(({ traceId }) => traceId === caller);
    const root = ours.find(({ name }) => name === "publish");
    expect(root?.parentSpanId).toBe(callers);
    for (const span of ours) expect(wayUp(span, ours).slice(-2)).toEqual(["publish", callers]);
    const ways = new Set(ours.map((span) => wayUp(span, ours).slice(0, -2).toReversed().join(" > ")));
    expect([...ways]).toEqual(
      expect.arrayContaining([
        "verify publish",
        "reconcile repository > GitHub query",
        "reconcile repository > render and review",
        "reconcile repository > open pull request > GitHub mutation",
        "check pull request > render and judge",
        "reconcile repository > merge > deployment > GitHub rest",
        "reconcile deployment > call deployer",
        "deployer reports",
      ]),
    );
    const sent = collector.bodies().join("\n");
    expect(sent).toContain('"deployment.environment.name"');
    const { secret } = PIPELINE;
    for (const hidden of [
      secret,
      HOOK_SECRET,
      WEBHOOK_SECRET,
      PUBLISHER,
      "ghs_",
      "PRIVATE KEY",
      authorization,
    ])
      expect(sent).not.toContain(hidden);
    expect(await place.modules()).toContainEqual(expect.stringContaining("/exporter-trace-otlp-http/"));
  },
  TAKES_MS,
);

test(
  "without an address nothing of OpenTelemetry is loaded but what prom-client loads by itself",
  async () => {
    const place = await startPlace({});
    await place.publish("1.0.1", { traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" });
    await until(() => place.pulls().length === 1);
    await place.stop();
    const loaded = await place.modules();
    expect(loaded.filter((url) => !url.includes("/@opentelemetry/api/"))).toEqual([]);
  },
  TAKES_MS,
);
