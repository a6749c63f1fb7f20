// The real server, as a process of its own, with its own data folder.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface Bot {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const ENTRY = fileURLToPath(new URL("../../index.ts", import.meta.url));
const PATIENCE_MS = 20_000;

/** Resolves when it listens; rejects with what it said when it does not. */
export async function startBot(env: Readonly<Record<string, string>>): Promise<Bot> {
  const child = spawn(process.execPath, [ENTRY], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  child.stderr.on("data", (chunk) => said.push(String(chunk)));
  const lines = createInterface({ input: child.stdout });
  const url = new Promise<string>((resolve, reject) => {
    lines.on("line", (line) => {
      said.push(line);
      const address = /"url":"(http[^"]+)","msg":"chart-promoter listens"/.exec(line)?.[1];
      if (address) resolve(address);
    });
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${said.join("\n")}`)));
    setTimeout(
      () => reject(new Error(`the server does not listen: ${said.join("\n")}`)),
      PATIENCE_MS,
    ).unref();
  });
  return {
    url: await url,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}
