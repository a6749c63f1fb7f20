// What is attacked: the real server as a process of its own, between an offline GitHub and an offline ChartMuseum. Two
// parties share it: mallory, who attacks, and alice, whose publishes are answered and proposed as if nobody did.

import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "@jest/globals";
import { stringify } from "yaml";
import { startMuseum } from "../../src/sandbox/chartmuseum/museum.ts";
import { type ChartToPack, packChart } from "../../src/sandbox/chartmuseum/pack-chart.ts";
import { type Bot, startBot } from "../../src/sandbox/demo/bot.ts";
import { startGitHub } from "../../src/sandbox/github/github.ts";
import type { FilesGiven } from "../../src/sandbox/github/people/files.ts";
import { helmBinary } from "../../src/sandbox/helm-binary.ts";
import { startHostileRepository } from "./hostile-repository.ts";

export const WEBHOOK_SECRET = "webhook-secret";
export const METRICS_TOKEN = "metrics-token";
export const MUSEUM_URL = "https://charts.example.com";

/** Chart repositories in mallory's hands: their names in server.yaml, which are those of their kinds. */
export const HOSTILE = ["chartmuseum", "index", "oci"] as const;

function hostileUrl(kind: (typeof HOSTILE)[number]): string {
  return kind === "oci" ? "oci://mallory.example.com/charts" : `https://mallory.example.com/${kind}`;
}

/** Entries of `dependencies` on a chart of each of them, `mallory-KIND` at 1.0.0. */
export const HOSTILE_DEPENDENCIES = HOSTILE.map(
  (kind) => `  - name: mallory-${kind}\n    version: 1.0.0\n    repository: ${hostileUrl(kind)}\n`,
).join("");

/** Each has a publisher of its name, a chart that is called like its repository's account, and that repository. */
export const MALLORY = { publisher: "mallory", secret: "mallory-secret", repository: "mallory/config" };
export const ALICE = { publisher: "alice", secret: "alice-secret", repository: "alice/config" };
type Party = typeof MALLORY;

/** Above what a request takes on a busy machine, and far below what an attack is after. */
const PATIENCE_MS = 60_000;
const SETTLES_MS = 90_000;
const IDLE_AFTER_MS = 240_000;

interface TargetOptions {
  /** Keys of server.yaml that are otherwise. */
  readonly settings?: object;
  /** Files of mallory's repository beside, or instead of, the usual ones. */
  readonly files?: FilesGiven;
  /** Entries of requirements.yaml that alice's repository has as well. */
  readonly shared?: string;
  /** File of the keys that charts of mallory's repositories are signed by. */
  readonly keyring?: string;
  /** Whether it has a helm to render with. */
  readonly helm?: boolean;
}

export type Target = Awaited<ReturnType<typeof startTarget>>;

export async function startTarget({
  settings = {},
  files = {},
  shared = "",
  keyring,
  helm = false,
}: TargetOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), "chart-promoter-attack-"));
  const github = await startGitHub({
    limits: { contentPerMinute: Number.POSITIVE_INFINITY, contentPerHour: Number.POSITIVE_INFINITY },
  });
  const museum = await startMuseum();
  const hostile = await startHostileRepository();
  for (const { publisher, repository } of [ALICE, MALLORY]) {
    const usual = configRepository(publisher, publisher === ALICE.publisher ? shared : "");
    const given = publisher === MALLORY.publisher ? { ...usual, ...files } : usual;
    github.createRepository({
      name: repository,
      files: given,
      people: { [publisher]: "write", eve: "read" },
    });
    github.install({ account: publisher, repositories: "all" });
    for (const name of [publisher, ...many(publisher)])
      await museum.upload(packChart({ name, version: "1.0.0" }));
  }
  const serverConfig = join(folder, "server.yaml");
  await writeFile(
    serverConfig,
    stringify(serverYaml(museum.url, hostile.url, { settings, ...(keyring && { keyring }) })),
  );
  let turn = 0;
  const meter = join(folder, "blocks");
  await writeFile(meter, "");
  const bot = await startBot({
    NODE_OPTIONS: `--import=${new URL("./block-meter.ts", import.meta.url).href}`,
    BLOCK_METER: meter,
    PORT: "0",
    HOST: "127.0.0.1",
    APP_ID: String(github.app.id),
    PRIVATE_KEY: github.app.privateKey,
    WEBHOOK_SECRET,
    GHE_HOST: new URL(github.url).host,
    GHE_PROTOCOL: "http",
    SERVER_CONFIG: serverConfig,
    DATA_DIR: join(folder, "data"),
    ...(helm && { PATH: `${await binWithHelm(folder)}:${process.env["PATH"]}` }),
  });
  github.webhooks.sendTo({ url: `${bot.url}/api/github/webhooks`, secret: WEBHOOK_SECRET });
  const target = { ...{ github, museum, hostile, bot, folder, url: bot.url }, log: () => bot.replies };
  await ready(bot);
  return {
    ...target,
    /** Announces; answers the status and the publish's id. */
    publish: (party: Party, announced: Announced) => publish(target.url, party, announced),
    /** Uploads a chart and announces it. */
    release: async (party: Party, chart: Omit<ChartToPack, "name">) => {
      await museum.upload(packChart({ name: party.publisher, ...chart }));
      return publish(target.url, party, { chart: party.publisher, version: chart.version });
    },
    /** One more of alice's charts is published while the attack goes on: answered at once, and proposed. */
    alicesTurn: async () => {
      turn += 1;
      const chart = `alice-${turn}`;
      await museum.upload(packChart({ name: chart, version: "1.0.1" }));
      const begun = performance.now();
      const { status, id } = await publish(bot.url, ALICE, { chart, version: "1.0.1" });
      const answeredMs = performance.now() - begun;
      const { state, promotions } = await settled(bot.url, ALICE, id);
      const proposedMs = performance.now() - begun;
      expect({ status, state, promotions }).toMatchObject({
        status: 202,
        state: "verified",
        promotions: [{ state: "proposed" }],
      });
      return { answeredMs, proposedMs };
    },
    /** What became of a publish once nothing is pending. */
    settled: (party: Party, id: string) => settled(target.url, party, id),
    /** Open pull requests of a party's repository. */
    pulls: ({ repository }: Party) =>
      github
        .repository(repository)
        .pulls()
        .filter(({ state }) => state === "open"),
    longestBlock: () => longestBlock(meter),
    /** Until nothing is due or worked on. */
    idle: () => idle(bot.url),
    /** How often helm was started so far. */
    helmRuns: async () => (await readFile(join(folder, HELM_RUNS), "utf8")).split("\n").length - 1,
    stop: async () => {
      await bot.stop();
      await github.close();
      await museum.close();
      await hostile.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const HELM_RUNS = "helm-runs";

/** Counts its runs. */
async function binWithHelm(folder: string): Promise<string> {
  const bin = join(folder, "bin");
  await mkdir(bin);
  const counted = `#!/bin/sh\necho run >> '${join(folder, HELM_RUNS)}'\nexec '${await helmBinary()}' "$@"\n`;
  await writeFile(join(bin, "helm"), counted, { mode: 0o755 });
  return bin;
}

interface Announced {
  readonly chart: string;
  readonly version: string;
  readonly [more: string]: unknown;
}

export interface Progress {
  readonly settled: boolean;
  readonly state: string;
  readonly problem?: { readonly code: string; readonly message: string };
  readonly promotions: readonly { readonly state: string; readonly because: string }[];
}

async function publish(url: string, party: Party, announced: Announced) {
  const answer = await fetch(`${url}/publish`, {
    method: "POST",
    headers: { "content-type": "application/json", ...basic(party) },
    body: JSON.stringify(announced),
  });
  const { id = "" }: { readonly id?: string } = Object(await answer.json());
  return { status: answer.status, id };
}

/** Once nothing is pending, or as it is when the patience is over. */
async function settled(url: string, party: Party, id: string): Promise<Progress> {
  const end = Date.now() + SETTLES_MS;
  for (;;) {
    const answer = await fetch(`${url}/publishes/${id}?wait=30`, { headers: basic(party) });
    const progress: Progress = JSON.parse(await answer.text());
    if (progress.settled || Date.now() > end) return progress;
  }
}

export function basic({ publisher, secret }: Pick<Party, "publisher" | "secret">): {
  readonly authorization: string;
} {
  return { authorization: `Basic ${Buffer.from(`${publisher}:${secret}`).toString("base64")}` };
}

/** Milliseconds: the longest that the server's event loop stood still since the last call (see block-meter.ts). */
async function longestBlock(meter: string): Promise<number> {
  const lines = await readFile(meter, "utf8");
  await writeFile(meter, "");
  return Math.max(0, ...lines.split("\n").map(Number));
}

async function idle(url: string): Promise<void> {
  const end = Date.now() + IDLE_AFTER_MS;
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
  for (;;) {
    const text = await (await fetch(`${url}/metrics`, { headers })).text();
    const busy = /queue_depth\{state="(?:due|running)"\} [1-9]/;
    if (!busy.test(text)) return;
    if (Date.now() > end) throw new Error(`the server has still to do: ${busy.exec(text)?.[0]}`);
    await sleep(50);
  }
}

async function ready({ url, replies: output }: Bot): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await fetch(`${url}/readyz`);
    if (answer.ok) return;
    if (Date.now() > end)
      throw new Error(`the server does not become ready: ${await answer.text()}\n${output.join("\n")}`);
    await sleep(20);
  }
}

const MANY = 60;

function many(party: string): readonly string[] {
  return party === ALICE.publisher ? Array.from({ length: MANY }, (_, n) => `${party}-${n + 1}`) : [];
}

function configRepository(party: string, shared: string): FilesGiven {
  const dependencies = [party, ...many(party)].map(
    (chart) => `  - name: ${chart}\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`,
  );
  return {
    ".github/chart-promoter.yml": "environments:\n  dev:\n    path: dev\n",
    "dev/Chart.yaml": "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
    "dev/requirements.yaml": `dependencies:\n${dependencies.join("")}${shared}`,
    "dev/values.yaml": "replicas: 2\n",
  };
}

function serverYaml(
  museum: string,
  hostile: string,
  { settings, keyring }: Pick<TargetOptions, "settings" | "keyring">,
): object {
  const publisher = ({ publisher: name, secret }: Party, repository = "museum") => ({
    secret,
    repository,
    charts: [name, `${name}-*`],
  });
  const kinds = HOSTILE.map((kind) => {
    const fetchFrom = { chartmuseum: hostile, index: `${hostile}/index`, oci: `${hostile}/charts` }[kind];
    return [
      kind,
      { url: hostileUrl(kind), kind, fetchFrom, poll: "off", ...(keyring && { keyring }) },
    ] as const;
  });
  return {
    chartRepositories: {
      museum: { url: MUSEUM_URL, fetchFrom: museum, poll: "off" },
      ...Object.fromEntries(kinds),
    },
    publishers: {
      alice: publisher(ALICE),
      mallory: publisher(MALLORY),
      ...Object.fromEntries(HOSTILE.map((kind) => [`mallory-${kind}`, publisher(MALLORY, kind)])),
    },
    metrics: { token: METRICS_TOKEN },
    ...settings,
  };
}
