#!/usr/bin/env node
// The command line: `chart-promoter COMMAND`. Exit codes: 0 done, 1 refused or failed, 2 wrong use. Only the module of the
// named command is loaded, from compiled code that Node keeps between runs, so that a command in a pipeline starts at once.

import { enableCompileCache } from "node:module";
import { Command } from "commander";
import { VERSION } from "../domain/model/program.ts";
import { isSystemError, systemReason } from "./arguments/read-text.ts";
import { addExamples } from "./examples.ts";
import { addCommands } from "./modules.ts";
import { heedProxies } from "./proxies.ts";
import { wrongUse } from "./wrong-use.ts";

enableCompileCache();
heedProxies();

const program = new Command("chart-promoter")
  .version(VERSION)
  // `plan --version` is the chart's.
  .enablePositionalOptions()
  .description("Turns a published Helm chart into a pull request, and a merged one into a deployment.")
  .configureOutput(wrongUse(process.argv))
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

const [name = ""] = process.argv.slice(2);
await addCommands(program, name);
addExamples(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!isSystemError(error)) throw error;
  process.stderr.write(`${error.path ?? error.syscall}: ${systemReason(error)}.\n`);
  process.exitCode = 1;
}
