// `NAME_FILE`: the value of NAME is in a file, as container platforms mount secrets.

import type { Problem } from "../domain/model/problem.ts";
import type { Env, ReadFile } from "./environment.ts";

/** The environment with the values of those `names` that are given as files, without the final line break. */
export async function withFiles(
  env: Env,
  names: readonly string[],
  readFile: ReadFile,
): Promise<{ readonly env: Env; readonly problems: readonly Problem[] }> {
  const found: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const name of new Set(names)) {
    const path = env[`${name}_FILE`];
    if (!path) continue;
    if (env[name]) {
      problems.push(both(name));
      continue;
    }
    try {
      found[name] = new TextDecoder().decode(await readFile(path)).replace(/\r?\n$/, "");
    } catch {
      problems.push(unreadable(name, path));
    }
  }
  return { env: { ...env, ...found }, problems };
}

function both(name: string): Problem {
  return {
    code: "settings-invalid",
    message: `${name} is set, and so is ${name}_FILE.`,
    help: "Keep one of the two.",
  };
}

function unreadable(name: string, path: string): Problem {
  return {
    code: "settings-invalid",
    message: `${name}_FILE names ${path}, which cannot be read.`,
    help: `Point it at a file that holds ${name} and nothing else, readable for the user that the server runs as.`,
  };
}
