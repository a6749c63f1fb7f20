// A whole small world on loopback: an offline GitHub, an offline ChartMuseum, a config repository and the real server,
// in this process. The demo and the stories live in it.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import type { Deployer, Settings } from "../model/settings.ts";
import { type Server, startServer } from "../server.ts";
import { itemAt } from "./github/git/trees.ts";
import { type GitHub, startGitHub } from "./github/github.ts";
import type { FilesGiven } from "./github/people/files.ts";
import type { PullRequest } from "./github/world/records.ts";
import type { Repository } from "./github/world/repository.ts";
import { startMuseum } from "./museum/museum.ts";
import { type ChartToPack, packChart } from "./museum/pack-chart.ts";

export const CONFIG_REPOSITORY = "acme/config";
export const MUSEUM_URL = "https://chartmuseum.example.com";
export const WEBHOOK_SECRET = "webhook-secret";
export const PIPELINE = { name: "xposer-pipeline", secret: "publisher-secret", repository: "stakater" };

export interface TownOptions {
  /** Files of the config repository; default: one environment `dev` with xposer 1.0.0. */
  readonly files?: FilesGiven;
  readonly deployers?: readonly Deployer[];
  readonly databaseUrl?: string;
  /** Milliseconds between polls of the chart repository; default never. */
  readonly pollMs?: number;
  /** Charts in the chart repository at the start; default xposer 1.0.0. */
  readonly charts?: readonly ChartToPack[];
}

export interface Announced {
  readonly chart?: string;
  readonly version: string;
  readonly digest?: string;
  readonly values?: object;
  readonly source?: object;
}

export interface PromotionSaid {
  readonly repository: string;
  readonly environment: string;
  readonly state: string;
  readonly because: string;
  readonly pullRequest?: { readonly number: number; readonly url: string };
}

export type Town = Awaited<ReturnType<typeof startTown>>;

export async function startTown(options: TownOptions = {}) {
  const dataFolder = await mkdtemp(join(tmpdir(), "chart-promoter-"));
  const github = await startGitHub({
    limits: { contentPerMinute: Number.POSITIVE_INFINITY, contentPerHour: Number.POSITIVE_INFINITY },
  });
  const museum = await startMuseum();
  for (const chart of options.charts ?? [{ name: "xposer", version: "1.0.0" }])
    await museum.upload(packChart(chart));
  github.createRepository({
    name: CONFIG_REPOSITORY,
    files: options.files ?? configRepository(),
    people: { alice: "write", bob: "read" },
  });
  github.install({ account: "acme", repositories: "all" });
  const settings = settingsOf({ github, museumUrl: museum.url }, { dataFolder, ...options });
  let server = await boot(settings, github);
  return {
    github,
    museum,
    settings,
    alice: github.as("alice"),
    url: () => server.url,
    /** Uploads a chart and announces it; answers the status and the body. */
    publish: async (announced: Announced, chart: Partial<ChartToPack> = {}) => {
      const name = announced.chart ?? "xposer";
      await museum.upload(packChart({ name, version: announced.version, ...chart }));
      return announce(server.url, { chart: name, ...announced });
    },
    /** xposer of this version, packed. */
    pack: (version: string) => packChart({ name: "xposer", version }),
    announce: (announced: Announced) => announce(server.url, { chart: "xposer", ...announced }),
    /** What GET /publishes/ID says. */
    publishState: async (id: string) => {
      const answer = await fetch(`${server.url}/publishes/${id}`, { headers: { authorization: PUBLISHER } });
      const said: { state: string; promotions: readonly PromotionSaid[] } = JSON.parse(await answer.text());
      return said;
    },
    /** The config repository as it is on GitHub now. */
    repository: () => github.repository(CONFIG_REPOSITORY),
    /** `#1 open Promote …`, in the order they were opened. */
    pulls: () => github.repository(CONFIG_REPOSITORY).pulls().map(pullLine),
    /** The text of a file on a branch of the config repository. */
    fileOn: (branch: string, path: string) => fileOn(github.repository(CONFIG_REPOSITORY), branch, path),
    /** Waits until nothing is due and no webhook is on its way. */
    settle: () => settle(server, github),
    restart: async () => {
      await server.stop();
      server = await boot(settings, github);
    },
    /** The server starts again with an empty data folder. */
    restartWithoutDatabase: async () => {
      await server.stop();
      await rm(dataFolder, { recursive: true, force: true });
      server = await boot(settings, github);
    },
    stopServer: () => server.stop(),
    startServer: async () => {
      server = await boot(settings, github);
    },
    stop: async () => {
      await server.stop();
      await github.close();
      await museum.close();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

function pullLine({ number, state, merge, title }: PullRequest): string {
  return `#${number} ${merge ? "merged" : state} ${title}`;
}

function fileOn(repository: Repository, branch: string, path: string): string | undefined {
  const head = repository.branch(branch);
  const item =
    head === undefined
      ? undefined
      : itemAt(repository.objects, repository.objects.mustCommit(head).tree, path);
  return item && repository.objects.blob(item.oid)?.toString();
}

export const PUBLISHER = `Basic ${Buffer.from(`${PIPELINE.name}:${PIPELINE.secret}`).toString("base64")}`;

async function announce(
  url: string,
  body: object,
): Promise<{ readonly status: number; readonly body: { readonly id: string; readonly state: string } }> {
  const answer = await fetch(`${url}/publish`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: PUBLISHER },
    body: JSON.stringify(body),
  });
  const said: { id: string; state: string } = JSON.parse(await answer.text());
  return { status: answer.status, body: said };
}

async function boot(settings: Settings, github: GitHub): Promise<Server> {
  const server = await startServer(settings, pino({ level: process.env["LOG_LEVEL"] ?? "silent" }));
  github.webhooks.sendTo({ url: `${server.url}/api/github/webhooks`, secret: WEBHOOK_SECRET });
  await settle(server, github);
  return server;
}

const QUIET_MS = 60_000;

async function settle(server: Server, github: GitHub): Promise<void> {
  const end = Date.now() + QUIET_MS;
  for (let quiet = 0; quiet < 2; ) {
    await github.webhooks.settled();
    const { due, running } = await server.depth();
    quiet = due + running === 0 ? quiet + 1 : 0;
    await sleep(10);
    if (Date.now() > end) throw new Error("the server does not come to rest");
  }
}

function settingsOf(
  about: Parameters<typeof townSettings>[0],
  { dataFolder, databaseUrl, deployers, pollMs }: TownOptions & { readonly dataFolder: string },
): Settings {
  const settings = townSettings(about, {
    dataFolder,
    ...(databaseUrl !== undefined && { databaseUrl }),
    ...(deployers && { deployers }),
  });
  const polled = settings.chartRepositories.map((repository) => ({
    ...repository,
    ...(pollMs !== undefined && { pollMs }),
  }));
  return { ...settings, chartRepositories: polled };
}

/** What the server of a small world is started with. `more`: where this one is otherwise. */
export function townSettings(
  about: { readonly github: Pick<GitHub, "app"> & { readonly url: string }; readonly museumUrl: string },
  more: Partial<Settings> & Pick<Settings, "dataFolder">,
): Settings {
  const { github, museumUrl } = about;
  return {
    host: "127.0.0.1",
    port: 0,
    appId: github.app.id,
    privateKey: github.app.privateKey,
    webhookSecret: WEBHOOK_SECRET,
    githubApi: `${github.url}/api/v3`,
    githubWeb: github.url,
    logLevel: "silent",
    chartRepositories: [
      {
        name: "stakater",
        url: MUSEUM_URL,
        also: [],
        kind: "chartmuseum",
        fetchFrom: museumUrl,
        credentials: { kind: "none" },
      },
    ],
    publishers: [{ ...PIPELINE, charts: ["xposer", "xposer-*"] }],
    deployers: [],
    imageRegistries: [],
    dashboard: "off",
    ...more,
  };
}

/** One environment `dev`, Helm 2 style, with xposer 1.0.0. */
export function configRepository(): FilesGiven {
  return {
    ".github/chart-promoter.yml": "environments:\n  dev:\n    path: dev\n",
    "dev/Chart.yaml": "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
    "dev/requirements.yaml": `dependencies:\n  - name: xposer\n    version: 1.0.0 # says which version it is\n    repository: ${MUSEUM_URL}\n`,
    "dev/xposer.yaml": "xposer:\n  replicas: 2\n",
  };
}
