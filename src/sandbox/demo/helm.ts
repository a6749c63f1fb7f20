// Real Helm for the demo, with home folders of its own so that it changes nothing of the user's.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { helmBinary } from "../helm-binary.ts";

const run = promisify(execFile);

export type Helm = (args: readonly string[], folder?: string) => Promise<string>;

/** Runs helm with all its state in `home`; returns its output. */
export async function helmIn(home: string): Promise<Helm> {
  const binary = await helmBinary();
  const env = {
    PATH: process.env["PATH"],
    HOME: home,
    HELM_CONFIG_HOME: join(home, "config"),
    HELM_CACHE_HOME: join(home, "cache"),
    HELM_DATA_HOME: join(home, "data"),
  };
  return async (args, folder) => {
    const { stdout } = await run(binary, [...args], {
      env,
      maxBuffer: 64 * 1024 * 1024,
      ...(folder && { cwd: folder }),
    });
    return stdout;
  };
}
