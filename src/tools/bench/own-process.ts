// Starts the real server in a separate process, so that its costs are not mixed with those of the sandbox.

import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Settings } from "../../domain/model/config/settings.ts";
import type { Question } from "./serve.ts";

const SCRIPT = fileURLToPath(new URL("./serve.ts", import.meta.url));

/** Peak memory and processor time. */
interface Used {
  readonly mostBytes: number;
  readonly cpuMs: number;
}

export interface OwnProcess {
  readonly url: string;
  /** From the start of the process until it listens. */
  readonly readyMs: number;
  /** Processor time so far. */
  readonly cpuMs: () => Promise<number>;
  /** Resolves when no work is due or running. */
  readonly idle: () => Promise<void>;
  readonly stop: () => Promise<Used>;
}

/** Without Helm: another bench measures rendering. */
export async function startOwnProcess(settings: Settings): Promise<OwnProcess> {
  const begun = performance.now();
  const child = fork(SCRIPT, {
    env: { ...process.env, PATH: "", BENCH_SETTINGS: JSON.stringify(settings) },
    execArgv: ["--max-semi-space-size=8"], // as `npm start` does,
  });
  const answer = async (question?: Question) => {
    const message = once(child, "message", { signal: AbortSignal.timeout(600_000) });
    if (question) child.send(question);
    const [first] = await message;
    return first;
  };
  const { url } = await answer();
  const readyMs = performance.now() - begun;
  const isIdle = async () => {
    const { due, running } = await answer("depth");
    return due + running === 0;
  };
  return {
    url,
    readyMs,
    cpuMs: () => answer("cpu"),
    idle: async () => {
      for (let quiet = 0; quiet < 3; quiet = (await isIdle()) ? quiet + 1 : 0) await sleep(20);
    },
    stop: async () => {
      const ended = once(child, "exit");
      const used = await answer("stop");
      await ended;
      return used;
    },
  };
}
