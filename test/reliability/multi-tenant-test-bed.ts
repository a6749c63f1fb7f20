// Many accounts on one offline GitHub, each with the App installed and one config repository, and one real server that
// serves them all: what goes wrong for one account must neither change its end nor be felt by the others.

import { copyFileSync, existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { connectControl } from "../../src/adapters/control/connect.ts";
import type { Deployer } from "../../src/domain/model/config/settings.ts";
import { startMuseum } from "../../src/sandbox/chartmuseum/museum.ts";
import { packChart } from "../../src/sandbox/chartmuseum/pack-chart.ts";
import { newDataFolder } from "../../src/sandbox/data-folder.ts";
import { itemAt } from "../../src/sandbox/github/git/trees.ts";
import { startGitHub } from "../../src/sandbox/github/github.ts";
import type { Call } from "../../src/sandbox/github/http/call.ts";
import type { LoggedRequest } from "../../src/sandbox/github/http/request-log.ts";
import type { FilesGiven } from "../../src/sandbox/github/people/files.ts";
import { uninstall } from "../../src/sandbox/github/world/installations.ts";
import {
  configRepository,
  PIPELINE,
  PUBLISHER,
  REVIEW_PATIENCE_MS,
  testBedSettings,
  WEBHOOK_SECRET,
} from "../../src/sandbox/test-bed.ts";
import { type Server, type ServerTerms, startServer } from "../../src/server.ts";

/** Also on a busy machine. */
const QUIET_MS = 60_000;

export interface MultiTenantOptions {
  readonly accounts: readonly string[];
  readonly files?: FilesGiven;
  readonly charts?: readonly string[];
  readonly deployers?: readonly Deployer[];
  readonly onboarding?: "on";
  readonly timing?: Partial<ServerTerms>;
  readonly gitHubClock?: () => Date;
  readonly limits?: Parameters<typeof startGitHub>[0] extends infer O | undefined
    ? O extends { limits?: infer L }
      ? L
      : never
    : never;
}

export type MultiTenantTestBed = Awaited<ReturnType<typeof startMultiTenantTestBed>>;

/** Everything is there but the server. */
export async function startMultiTenantTestBed(options: MultiTenantOptions) {
  let dataFolder = await newDataFolder("chart-promoter-tenants");
  const github = await startGitHub({
    ...(options.gitHubClock && { now: options.gitHubClock }),
    ...(options.limits && { limits: options.limits }),
  });
  const museum = await startMuseum();
  const charts = options.charts ?? ["xposer"];
  for (const name of charts) await museum.upload(packChart({ name, version: "1.0.0" }));
  const installations = new Map<string, number>();
  for (const account of options.accounts) {
    const files = options.files ?? configRepository();
    github.createRepository({ name: `${account}/config`, files, people: { alice: "write", bob: "read" } });
    installations.set(account, github.install({ account, repositories: "all" }).id);
  }
  const settings = testBedSettings(
    { github, museumUrl: museum.url },
    {
      ...{ dataFolder, deployers: options.deployers ?? [], publishers: [{ ...PIPELINE, charts: ["*"] }] },
      ...(options.onboarding && { onboarding: options.onboarding }),
    },
  );
  let server: Server | undefined;
  const testBed = {
    github,
    museum,
    settings,
    alice: github.as("alice"),
    /** The installation on an account. */
    installation: (account: string) => installations.get(account) ?? 0,
    repository: (account: string) => github.repository(`${account}/config`),
    /** The text of a file on a branch. */
    textOn: (account: string, branch: string, path: string) => {
      const { objects, ...repository } = github.repository(`${account}/config`);
      const head = repository.refs.get(`refs/heads/${branch}`) ?? "";
      const item = itemAt(objects, objects.mustCommit(head).tree, path);
      return item && objects.blob(item.oid)?.toString();
    },
    /** Requests of one installation since the last mark, token requests included. */
    requestsOf: (account: string) =>
      github.requests.sinceMark.filter((request) => installationOf(request) === installations.get(account)),
    /** Whether a call comes from this account's installation. */
    isFrom: (account: string) => {
      const id = installations.get(account);
      return (call: Call) => callerOf(call) === id;
    },
    /** Its owner takes the App away. */
    uninstall: (account: string) => {
      const sender = github.world.account(account);
      uninstall(github.world, { id: installations.get(account) ?? 0, sender });
    },
    url: () => server?.url ?? "",
    start: async () => {
      server = await startServer(
        { ...settings, dataFolder },
        pino({ level: process.env["LOG_LEVEL"] ?? "silent" }),
        {
          backoff: { firstMs: 20, maxMs: 500 },
          reviewPatienceMs: REVIEW_PATIENCE_MS,
          ...options.timing,
        },
      );
      github.webhooks.sendTo({ url: `${server.url}/api/github/webhooks`, secret: WEBHOOK_SECRET });
      github.webhooks.resume();
    },
    stopServer: async () => {
      github.webhooks.sendTo(undefined);
      await server?.stop();
      server = undefined;
    },
    /**
     * As kill -9 does: the disk stays as it is at one moment, and what was running has no effect after it. Webhooks that
     * were not delivered by then wait for the next start.
     */
    crash: async () => {
      github.webhooks.pause();
      await github.webhooks.idle();
      const left = await newDataFolder("chart-promoter-tenants");
      for (const name of DATABASE_FILES) copyIfThere(join(dataFolder, name), join(left, name));
      github.fault({ times: Number.POSITIVE_INFINITY }, "reset-before");
      await server?.stop();
      server = undefined;
      github.faults.clear();
      await rm(dataFolder, { recursive: true, force: true });
      dataFolder = left;
    },
    /** The disk is lost, while the server is stopped. */
    forget: async () => {
      await rm(dataFolder, { recursive: true, force: true });
      dataFolder = await newDataFolder("chart-promoter-tenants");
    },
    /** `chart-promoter sync`. */
    sync: async () => (await connectControl(dataFolder))?.sync(),
    /** Has the queue notice that the clock was set forward. */
    wake: async () => (await connectControl(dataFolder))?.replay("nothing:0"),
    /** What is due and what runs; nothing while the server is stopped. */
    depth: async () => (await server?.depth()) ?? { due: 0, running: 0 },
    publish: async (version: string, chart = "xposer", values: object = {}) => {
      await museum.upload(packChart({ name: chart, version }));
      return testBed.announce({ chart, version, values });
    },
    announce: async (body: object) => {
      const answer = await fetch(`${server?.url}/publish`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: PUBLISHER },
        body: JSON.stringify(body),
      });
      const publish: { id: string; state: string } = JSON.parse(await answer.text());
      return { status: answer.status, ...publish };
    },
    publishState: async (id: string) => {
      const answer = await fetch(`${server?.url}/publishes/${id}`, { headers: { authorization: PUBLISHER } });
      const state: { state: string; promotions: readonly Promoted[] } = JSON.parse(await answer.text());
      return state;
    },
    /** Nothing is due, nothing runs, no webhook is on its way. */
    waitUntilIdle: async (withinMs = QUIET_MS) => {
      const end = Date.now() + withinMs;
      for (let quiet = 0; quiet < 3; ) {
        await github.webhooks.idle();
        const { due, running } = await testBed.depth();
        quiet = due + running === 0 ? quiet + 1 : 0;
        await sleep(10);
        if (Date.now() > end) throw new Error("the server does not come to rest");
      }
    },
    /** For what happens by the clock. */
    until: async (holds: () => boolean | Promise<boolean>) => {
      const end = Date.now() + QUIET_MS;
      while (!(await holds())) {
        if (Date.now() > end) throw new Error(`it did not come about within ${QUIET_MS} ms`);
        await sleep(20);
      }
    },
    stop: async () => {
      await server?.stop();
      await github.close();
      await museum.close();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };

  function callerOf(call: Call): number | undefined {
    const minting = /^\/app\/installations\/(\d+)\/access_tokens$/.exec(call.path)?.[1];
    if (minting !== undefined) return Number(minting);
    try {
      const viewer = github.tokens.viewer(call.headers.authorization);
      return viewer.kind === "installation" ? viewer.installationId : undefined;
    } catch {
      return undefined;
    }
  }
  return testBed;
}

export interface Promoted {
  readonly repository: string;
  readonly environment: string;
  readonly state: string;
  readonly because: string;
  readonly pullRequest?: { readonly number: number };
}

const DATABASE_FILES = ["chart-promoter.sqlite", "chart-promoter.sqlite-wal"];

/** At once, so that the files belong to the same moment. */
function copyIfThere(from: string, to: string): void {
  if (existsSync(from)) copyFileSync(from, to);
}

/** Struck requests never reached the check of their token, so a cut one is told by its fault alone. */
function installationOf({ path, installationId }: LoggedRequest): number | undefined {
  const minting = /^\/app\/installations\/(\d+)\/access_tokens$/.exec(path)?.[1];
  return minting === undefined ? installationId : Number(minting);
}
