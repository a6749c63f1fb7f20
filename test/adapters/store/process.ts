// Starts `member.ts` as a process, listens to it and kills it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface Member {
  /** What it has said so far, in order. */
  readonly lines: readonly string[];
  readonly errors: () => string;
  /** Resolves with the first line for which `holds`; rejects when it ends before, or after `withinMs`. */
  hears(holds: (line: string) => boolean, withinMs?: number): Promise<string>;
  /** kill -9; resolves when it is gone and all it said has been read. */
  kill(): Promise<void>;
  readonly ended: Promise<number | null>;
}

export function startMember(part: "accept" | "hold" | "hang" | "work", env: Record<string, string>): Member {
  const script = join(import.meta.dirname, "member.ts");
  const child = spawn(process.execPath, ["--no-warnings", script, part], {
    env: { ...process.env, NODE_OPTIONS: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  const errors: string[] = [];
  const waiting = new Set<() => void>();
  const ended = once(child, "close").then(([code]) => (typeof code === "number" ? code : null));
  createInterface(child.stdout).on("line", (line) => {
    lines.push(line);
    for (const one of waiting) one();
  });
  child.stderr.on("data", (chunk) => errors.push(String(chunk)));
  const hears = (holds: (line: string) => boolean, withinMs = 30_000) =>
    new Promise<string>((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`${why}: ${errors.join("")}`));
      const timer = setTimeout(fail, withinMs, `It did not say so within ${withinMs} ms`);
      const poll = () => {
        const found = lines.find(holds);
        if (found === undefined) return;
        clearTimeout(timer);
        waiting.delete(poll);
        resolve(found);
      };
      void ended.then((code) => fail(`It ended with ${code}`));
      waiting.add(poll);
      poll();
    });
  const kill = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  return { lines, errors: () => errors.join(""), hears, kill, ended };
}
