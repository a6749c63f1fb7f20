// The real server, in a process and data folder of its own.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface Bot {
  readonly url: string;
  readonly pid: number;
  /** Its output so far, line by line. */
  readonly replies: readonly string[];
  readonly stop: () => Promise<void>;
  /** kill -9. */
  readonly kill: () => Promise<void>;
}

const ENTRY = fileURLToPath(new URL("../../main.ts", import.meta.url));
/** Long enough for a busy machine. */
const PATIENCE_MS = 60_000;
const LISTENS = /"url":"(http[^"]+)","msg":"chart-promoter listens"/;

/**
 * Resolves when it listens; otherwise rejects with its output, leaving no process behind. `command`: program and
 * arguments of another server than the sources.
 */
export async function startBot(
  env: Readonly<Record<string, string>>,
  [program = process.execPath, ...args]: readonly string[] = [process.execPath, ENTRY],
): Promise<Bot> {
  const child = spawn(program, args, {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const replies: string[] = [];
  const listening = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", (line) => {
      replies.push(line);
      const address = LISTENS.exec(line)?.[1];
      if (address !== undefined) listening.resolve(address);
    });
  const timer = setTimeout(() => listening.reject(new Error("the server does not listen")), PATIENCE_MS);
  child.once("error", listening.reject);
  child.once("close", (code, signal) =>
    listening.reject(new Error(`the server ended with ${code ?? signal}`)),
  );
  const url = await listening.promise
    .catch(async (error: unknown) => {
      await end(child, "SIGKILL");
      throw new Error(`${String(error)}: ${replies.join("\n")}`);
    })
    .finally(() => clearTimeout(timer));
  return {
    url,
    pid: child.pid ?? 0,
    replies,
    stop: () => end(child, "SIGTERM"),
    kill: () => end(child, "SIGKILL"),
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}
