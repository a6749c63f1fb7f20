#!/usr/bin/env node
// Starts the command line: in a checkout from its sources, in an installed package compiled. It takes Node 24. An older one
// hands over to the Node 24 that npm installs beside it as an optional dependency (Linux), and says so where there is none.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const MAJOR = 24;

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [source, compiled] = [join(root, "src/cli/chart-promoter.ts"), join(root, "dist/chart-promoter.js")];
const script = existsSync(source) ? source : compiled;

if (Number.parseInt(process.versions.node, 10) >= MAJOR) await import(pathToFileURL(script).href);
else handOver(suppliedNode());

function suppliedNode() {
  const name = `node-${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), "bin/node");
  } catch {
    return undefined;
  }
}

function handOver(node) {
  if (node === undefined) {
    process.stderr.write(
      `chart-promoter takes Node ${MAJOR}; this is Node ${process.versions.node}, and none was installed beside it.\n` +
        `  Run it with Node ${MAJOR}; on Linux (glibc) an installation with optional dependencies brings one.\n`,
    );
    process.exitCode = 1;
    return;
  }
  const child = spawn(node, [script, ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  // A terminal sends it to both.
  process.on("SIGINT", () => undefined);
  child.on("error", (error) => {
    process.stderr.write(`${node} cannot be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal ?? "SIGTERM"];
  });
}
