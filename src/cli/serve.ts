// `serve`: what `npm start` runs.

import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { pino } from "pino";
import { readSettings } from "../settings.ts";

export function addServe(program: Command): void {
  program.command("serve").description("run the server until SIGTERM or SIGINT").action(serve);
}

/** Every mistake in the settings is printed at once, and nothing is started. */
export async function serve(): Promise<void> {
  const settings = await readSettings(process.env, readFile);
  if (!settings.ok) {
    for (const { message, help, place } of settings.problems) {
      const where = place ? `${place.file}${place.line === undefined ? "" : `:${place.line}`}: ` : "";
      console.error(`${where}${message}\n  ${help}`);
    }
    process.exitCode = 1;
    return;
  }
  const log = pino({ level: settings.value.logLevel });
  // Loaded only here, so that the other commands start at once.
  const { startServer } = await import("../server.ts");
  try {
    const server = await startServer(settings.value, log);
    stopOn(["SIGTERM", "SIGINT"], server.stop);
  } catch (error) {
    log.fatal({ err: error }, error instanceof Error ? error.message : "could not start");
    process.exitCode = 1;
  }
}

function stopOn(signals: readonly NodeJS.Signals[], stop: () => Promise<void>): void {
  for (const signal of signals) {
    process.once(signal, () => {
      void stop().finally(() => process.exit());
    });
  }
}
