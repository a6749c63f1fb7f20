// `npm start`: settings in, server up, until the process is asked to stop.

import { readFile } from "node:fs/promises";
import { pino } from "pino";
import { startServer } from "./server.ts";
import { readSettings } from "./settings.ts";

const settings = await readSettings(process.env, readFile);
if (settings.ok) {
  const log = pino({ level: settings.value.logLevel });
  try {
    const server = await startServer(settings.value, log);
    stopOn(["SIGTERM", "SIGINT"], server.stop);
  } catch (error) {
    log.fatal({ err: error }, error instanceof Error ? error.message : "could not start");
    process.exitCode = 1;
  }
} else {
  for (const { message, help } of settings.problems) console.error(`${message}\n  ${help}`);
  process.exitCode = 1;
}

function stopOn(signals: readonly NodeJS.Signals[], stop: () => Promise<void>): void {
  for (const signal of signals) {
    process.once(signal, () => {
      void stop().finally(() => process.exit());
    });
  }
}
