#!/usr/bin/env node
// The command line: `chart-promoter COMMAND`. Exit codes: 0 done, 1 refused or failed, 2 wrong use.

import { Command } from "commander";
import { addBump } from "./bump.ts";

const program = new Command("chart-promoter")
  .description("Turns a published Helm chart into a pull request, and a merged one into a deployment.")
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

addBump(program);

await program.parseAsync();
