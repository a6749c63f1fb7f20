// A complete environment on loopback: an offline GitHub, an offline ChartMuseum, a config repository and the real
// server, in this process. Used by the demo and the stories.

import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { KeptThreads } from "../adapters/threads/kept-threads.ts";
import type { ChartRepository, Deployer, Recipient, Settings } from "../domain/model/config/settings.ts";
import { type Server, type ServerTerms, startServer } from "../server.ts";
import { startMuseum } from "./chartmuseum/museum.ts";
import { type ChartToPack, packChart } from "./chartmuseum/pack-chart.ts";
import { Clock } from "./clock.ts";
import { type KeptContract, watchContract } from "./contract/contract.ts";
import { itemAt } from "./github/git/trees.ts";
import { type GitHub, startGitHub } from "./github/github.ts";
import type { FilesGiven } from "./github/people/files.ts";
import type { PullRequest } from "./github/world/records.ts";
import type { Repository } from "./github/world/repositories/repository.ts";
import { newMigratedFolder } from "./migrated-folder.ts";

export const CONFIG_REPOSITORY = "acme/config";
export const MUSEUM_URL = "https://chartmuseum.example.com";
export const WEBHOOK_SECRET = "webhook-secret";
export const PIPELINE = { name: "xposer-pipeline", secret: "publisher-secret", repository: "stakater" };

export interface TestBedOptions {
  /** Files of the config repository; default: one environment `dev` with xposer 1.0.0. */
  readonly files?: FilesGiven;
  readonly deployers?: readonly Deployer[];
  readonly recipients?: readonly Recipient[];
  readonly dashboard?: Settings["dashboard"];
  readonly onboarding?: "on";
  readonly databaseUrl?: string;
  /** Milliseconds between polls of the chart repository; default: no polling. */
  readonly pollMs?: number;
  /** Settings of the chart repository that differ from an open ChartMuseum. */
  readonly chartRepository?: Partial<ChartRepository>;
  /** Further chart repositories with the same charts. */
  readonly otherRepositories?: readonly Pick<ChartRepository, "name" | "url">[];
  /** How long a review is waited for; default: long enough for a busy machine. */
  readonly reviewPatienceMs?: number;
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

export interface ReportedPromotion {
  readonly repository: string;
  readonly environment: string;
  readonly state: string;
  readonly because: string;
  readonly pullRequest?: { readonly number: number; readonly url: string };
}

export type TestBed = Awaited<ReturnType<typeof startTestBed>>;

export async function startTestBed(options: TestBedOptions = {}) {
  const dataFolder = await newMigratedFolder("chart-promoter");
  const clock = new Clock();
  const { github, museum } = await found(clock, options);
  const settings = settingsOf({ github, museumUrl: museum.url }, { dataFolder, ...options });
  const { reviewPatienceMs = REVIEW_PATIENCE_MS } = options;
  const served = await serve(settings, github, { clock, reviewPatienceMs });
  const { server } = served;
  const url = () => server().url;
  return {
    ...{ github, museum, settings, url },
    ...served.operations,
    alice: github.as("alice"),
    /** Uploads a chart and announces it; returns the status and the body. */
    publish: async (announced: Announced, chart: Partial<ChartToPack> = {}) => {
      const name = announced.chart ?? "xposer";
      await museum.upload(packChart({ name, version: announced.version, ...chart }));
      return announce(url(), { chart: name, ...announced });
    },
    /** xposer of this version, packed. */
    pack: (version: string) => packChart({ name: "xposer", version }),
    announce: (announced: Announced) => announce(url(), { chart: "xposer", ...announced }),
    /** The response to GET /publishes/ID. */
    publishState: (id: string) => publishState(url(), id),
    /** The config repository's present state on GitHub. */
    repository: () => github.repository(CONFIG_REPOSITORY),
    /** `#1 open Promote …`, in the order of opening. */
    pulls: () => github.repository(CONFIG_REPOSITORY).pulls().map(pullLine),
    /** The text of a file on a branch of the config repository. */
    fileOn: (branch: string, path: string) => fileOn(github.repository(CONFIG_REPOSITORY), branch, path),
    /** Waits until nothing is due and no webhook is in transit. */
    waitUntilIdle: () => untilIdle(server(), github),
    /**
     * Sets GitHub's and the server's clocks forward; limited to some minutes in total, as the App's JWT is made with
     * the machine's clock.
     */
    pass: (ms: number) => {
      clock.forward(ms);
      server().wake();
    },
    /** Lets some time pass: if nothing is due, until something is, as far as the clock may be set forward. */
    tick: async () => {
      const ms = (await isQuiet(server(), github)) ? await server().msToNext() : undefined;
      if (ms !== undefined && clock.mayForward(ms)) {
        clock.forward(ms);
        server().wake();
      } else {
        await sleep(TICK_MS);
      }
    },
    stop: async () => {
      await server().stop();
      await github.close();
      await museum.close();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/** A server that can be stopped and started, with the contract violations of all its runs. */
async function serve(
  settings: Settings,
  github: GitHub,
  { clock, reviewPatienceMs }: { readonly clock: Clock; readonly reviewPatienceMs: number },
) {
  const contracts: KeptContract[] = [];
  let present = settings;
  const boot = async () => {
    const started = await startedServer(present, github, { clock: clock.now, reviewPatienceMs, threads });
    contracts.push(started.contract);
    return started;
  };
  let server = await boot();
  const restart = async (between: () => unknown) => {
    await server.stop();
    await between();
    server = await boot();
  };
  const operations = {
    /** Contract violations of the server, by any caller. */
    brokenContract: () => contracts.flatMap(({ faults }) => faults),
    /** `POST /publish 202` for each kind of call seen. */
    seenCalls: () => new Set(contracts.flatMap(({ seen }) => [...seen])),
    restart: () => restart(() => {}),
    /** Restarts the server with an empty data folder. */
    restartWithoutDatabase: () => restart(() => rm(present.dataFolder, { recursive: true, force: true })),
    /** Restarts it with other settings. */
    restartWith: (changed: Partial<Settings>) =>
      restart(() => {
        present = { ...present, ...changed };
      }),
    stopServer: () => server.stop(),
    startServer: async () => {
      server = await boot();
    },
  };
  return { server: () => server, operations };
}

/** An offline GitHub with the config repository and the App installed, and the charts. */
async function found(
  clock: Clock,
  { charts = [{ name: "xposer", version: "1.0.0" }], files }: TestBedOptions,
) {
  const github = await startGitHub({
    now: clock.now,
    limits: { contentPerMinute: Number.POSITIVE_INFINITY, contentPerHour: Number.POSITIVE_INFINITY },
  });
  const museum = await startMuseum();
  for (const chart of charts) await museum.upload(packChart(chart));
  github.createRepository({
    name: CONFIG_REPOSITORY,
    files: files ?? configRepository(),
    people: { alice: "write", bob: "read" },
  });
  github.install({ account: "acme", repositories: "all" });
  return { github, museum };
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

async function publishState(url: string, id: string) {
  const answer = await fetch(`${url}/publishes/${id}`, { headers: { authorization: PUBLISHER } });
  const progress: { state: string; promotions: readonly ReportedPromotion[] } = JSON.parse(
    await answer.text(),
  );
  return progress;
}

async function announce(
  url: string,
  body: object,
): Promise<{ readonly status: number; readonly body: { readonly id: string; readonly state: string } }> {
  const answer = await fetch(`${url}/publish`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: PUBLISHER },
    body: JSON.stringify(body),
  });
  const receipt: { id: string; state: string } = JSON.parse(await answer.text());
  return { status: answer.status, body: receipt };
}

interface Watched extends Server {
  readonly contract: KeptContract;
}

async function startedServer(
  settings: Settings,
  github: GitHub,
  timing: Partial<ServerTerms>,
): Promise<Watched> {
  // Redeliveries must go to the server's new URL.
  github.webhooks.pause();
  const log = pino({ level: process.env["LOG_LEVEL"] ?? "silent" });
  const server = await startServer(settings, log, timing);
  const contract = await watchContract(server.url, settings.dashboard);
  github.authorizations.callbackUrls = [`${server.url}/dashboard/callback`];
  github.webhooks.sendTo({ url: `${server.url}/api/github/webhooks`, secret: WEBHOOK_SECRET });
  github.webhooks.resume();
  await untilIdle(server, github);
  return {
    ...server,
    contract,
    stop: async () => {
      await server.stop();
      contract.end();
    },
  };
}

/** Shared by all test beds of this process: starting threads takes longer than most stories. */
const threads = new KeptThreads();

export const REVIEW_PATIENCE_MS = 60_000;
/** Long enough for a busy machine. */
const QUIET_MS = 60_000;

const TICK_MS = 10;

/** Nothing is due or in progress, and no webhook is in transit. */
async function isQuiet(server: Server, github: GitHub): Promise<boolean> {
  await github.webhooks.idle();
  const { due, running } = await server.depth();
  return due + running === 0;
}

async function untilIdle(server: Server, github: GitHub): Promise<void> {
  const end = Date.now() + QUIET_MS;
  for (let quiet = 0; quiet < 2; ) {
    quiet = (await isQuiet(server, github)) ? quiet + 1 : 0;
    await sleep(TICK_MS);
    if (Date.now() > end) throw new Error("the server does not come to rest");
  }
}

function settingsOf(
  about: Parameters<typeof testBedSettings>[0],
  {
    dataFolder,
    databaseUrl,
    deployers,
    recipients,
    dashboard,
    onboarding,
    pollMs,
    chartRepository,
    otherRepositories = [],
  }: TestBedOptions & { readonly dataFolder: string },
): Settings {
  const settings = testBedSettings(about, {
    dataFolder,
    ...(databaseUrl !== undefined && { databaseUrl }),
    ...(deployers && { deployers }),
    ...(recipients && { recipients }),
    ...(dashboard && { dashboard }),
    ...(dashboard === "github" && { oauth: about.github.app }),
    ...(onboarding && { onboarding }),
  });
  const polled = settings.chartRepositories.map((repository) => ({
    ...repository,
    ...(pollMs !== undefined && { pollMs }),
    ...chartRepository,
  }));
  const others = polled.flatMap((one) => otherRepositories.map((other) => ({ ...one, ...other })));
  return { ...settings, chartRepositories: [...polled, ...others] };
}

/** The server's settings in a test bed. `more`: deviations. */
export function testBedSettings(
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
    publishers: [{ ...PIPELINE, charts: ["xposer", "xposer-*"], source: ["acme/*"] }],
    deployers: [],
    imageRegistries: [],
    dashboard: "off",
    metrics: { access: "public" },
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
