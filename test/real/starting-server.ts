// `npm start` as an operator sees it: a process that says lines, before it listens as well.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export interface StartingServer {
  /** What the pattern matches in the first such line, waited for. */
  readonly line: (pattern: RegExp) => Promise<string>;
  readonly stop: () => Promise<void>;
}

const ENTRY = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const PATIENCE_MS = 60_000;

/** On loopback, with the server.yaml of `folder` and its data in there. */
export function startServerIn(folder: string, env: Readonly<Record<string, string>>): StartingServer {
  const child = spawn(process.execPath, [ENTRY], {
    cwd: folder,
    env: { PATH: process.env["PATH"], PORT: "0", HOST: "127.0.0.1", DATA_DIR: `${folder}/data`, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on("line", (line) => lines.push(line));
  return {
    line: async (pattern) => {
      const end = Date.now() + PATIENCE_MS;
      for (;;) {
        const found = lines.map((one) => pattern.exec(one)?.[0]).find((one) => one !== undefined);
        if (found !== undefined) return found;
        if (Date.now() > end || child.exitCode !== null)
          throw new Error(`the server never said ${pattern}: ${lines.join("\n")}`);
        await sleep(100);
      }
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}
