// The real Node of another major version, installed by npm and kept for the next run.

import { cp, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { install } from "../program.ts";
import { cachedProgram } from "../program-cache.ts";

const VERSIONS: Readonly<Record<string, string>> = { "20": "20.20.2", "24": "24.21.0" };

/** Makes `folder`, with nothing in it but a program `node` of that major version. */
export async function nodeFolder(folder: string, major: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await symlink(await nodeProgram(VERSIONS[major] ?? major), join(folder, "node"));
}

function nodeProgram(version: string): Promise<string> {
  return cachedProgram(`node-${version}`, async (folder, target) => {
    const name = `node-${process.platform}-${process.arch}`;
    const where = ["--prefix", folder, "--no-save", "--no-audit", "--no-fund"];
    await install("package", ["npm", "install", ...where, `${name}@${version}`]);
    await cp(join(folder, "node_modules", name, "bin/node"), target);
  });
}
