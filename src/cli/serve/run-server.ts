// Runs the server from its settings to its end. Without a GitHub App it first serves the set-up page, and continues
// with the created App.

import { generateKeyPairSync } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type Logger, pino } from "pino";
import type { Settings } from "../../domain/model/config/settings.ts";
import { fail, type Problem, type Result } from "../../domain/model/problem.ts";
import type { Server } from "../../server.ts";
import type { Env } from "../../settings/environment.ts";
import { readSettings } from "../../settings/read-settings.ts";
import { namesNoApp, withStoredApp } from "../../settings/stored-app.ts";
import { isSystemError, systemReason } from "../arguments/read-text.ts";
import { refuse } from "../tell-problems.ts";
import { boundHeapGrowth } from "./heap-growth.ts";
import { plainLine } from "./plain-line.ts";
import { WatchedFiles } from "./watched-files.ts";

export interface ServeOptions {
  /** A channel of smee.io, or of a compatible server. */
  readonly smee?: string;
}

/** Prints all mistakes in the settings at once, and starts nothing then. */
export async function runServer(options: ServeOptions): Promise<void> {
  boundHeapGrowth();
  const stored = await withStoredApp(process.env, readFile);
  const files = new WatchedFiles();
  const settings = stored.ok ? await settingsFor(stored.value, files, options) : stored;
  if (!settings.ok) return refuse({}, settings.problems);
  await run(settings.value, files, options);
}

async function settingsFor(env: Env, files: WatchedFiles, options: ServeOptions): Promise<Result<Settings>> {
  if (!namesNoApp(env)) return files.reading((read) => readSettings(env, read));
  try {
    return await afterSetUp(env, files, options);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return fail(noPage(`${error.path ?? error.syscall}: ${systemReason(error)}`));
  }
}

function noPage(because: string): Problem {
  return {
    code: "settings-invalid",
    message: `No GitHub App is configured, and the set-up page cannot be served: ${because}.`,
    help: "Make DATA_DIR writable and the port free, or set APP_ID, PRIVATE_KEY_PATH and WEBHOOK_SECRET.",
  };
}

/** Validates everything else first, so that no App is created for a server that cannot start. */
async function afterSetUp(env: Env, files: WatchedFiles, { smee }: ServeOptions): Promise<Result<Settings>> {
  const rest = await readSettings({ ...env, ...anyApp() }, readFile);
  if (!rest.ok) return readSettings(env, readFile);
  const { setUp } = await import("../../server/set-up.ts");
  const { host, port } = rest.value;
  const page = await setUp({ env, host, port, print, ...(smee !== undefined && { webhookProxy: smee }) });
  const unhear = onSignals(() => void page.stop().finally(() => process.exit()));
  await page.made;
  unhear();
  const stored = await withStoredApp(env, readFile);
  if (!stored.ok) return stored;
  const settings = await files.reading((read) => readSettings(stored.value, read));
  if (!settings.ok) return settings;
  return { ok: true, value: { ...settings.value, port: Number(new URL(page.url).port) } };
}

/** Placeholder for the App that does not exist yet. */
function anyApp(): Env {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  return { APP_ID: "1", PRIVATE_KEY: pem, WEBHOOK_SECRET: "none" };
}

/** Printed at any log level: without the link nobody can set the App up. */
function print(link: string): void {
  process.stdout.write(`No GitHub App is configured. Have one made at ${link} (counts once)\n`);
}

async function run(settings: Settings, files: WatchedFiles, { smee }: ServeOptions): Promise<void> {
  const log = pino({ level: settings.logLevel, hooks: { streamWrite: plainLine } });
  try {
    // Loaded only here, so that the other commands start fast.
    const starting = import("../../server.ts").then(({ startServer }) => startServer(settings, log));
    reloadOnChange(starting, files, log);
    const server = await starting;
    const relay = smee === undefined ? undefined : await relayed(smee, server.url, log);
    stopOnSignals(async () => {
      await relay?.stop();
      await server.stop();
    }, log);
  } catch (error) {
    log.fatal({ err: error }, error instanceof Error ? error.message : "could not start");
    process.exitCode = 1;
  }
}

/**
 * On SIGHUP, and when server.yaml or a file that it or the environment names has changed. The handler is installed at
 * once, since an unhandled SIGHUP ends the process; it acts once the server has started.
 */
function reloadOnChange(starting: Promise<Pick<Server, "reload">>, files: WatchedFiles, log: Logger): void {
  let turn: Promise<unknown> = starting;
  const reload = (): void => {
    turn = turn
      .then(async () => {
        const server = await starting;
        const stored = await withStoredApp(process.env, readFile);
        const read = (env: Env) => files.reading((readWatched) => readSettings(env, readWatched));
        await server.reload(stored.ok ? await read(stored.value) : stored);
      })
      .catch((error: unknown) => log.error({ err: error }, "what server.yaml changes could not be enqueued"));
  };
  process.on("SIGHUP", reload);
  files.onChange(reload);
}

async function relayed(channel: string, url: string, log: Logger) {
  const { relayWebhooks } = await import("../../adapters/github/webhooks/relay-webhooks.ts");
  return relayWebhooks(channel, `${url}/api/github/webhooks`, log);
}

/** Below the 30 seconds after which Kubernetes kills a pod. Interrupted work is still queued. */
const STOP_WITHIN_MS = 20_000;

function stopOnSignals(stop: () => Promise<void>, log: Logger): void {
  onSignals(() => {
    setTimeout(() => {
      log.error("could not stop in time; work that was under way is done after the next start");
      process.exit(1);
    }, STOP_WITHIN_MS).unref();
    void stop().finally(() => process.exit());
  });
}

/** Returns a function that removes the handlers. */
function onSignals(act: () => void): () => void {
  const signals = ["SIGTERM", "SIGINT"] as const;
  for (const signal of signals) process.once(signal, act);
  return () => {
    for (const signal of signals) process.off(signal, act);
  };
}
