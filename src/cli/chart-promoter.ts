#!/usr/bin/env node
// The command line: `chart-promoter COMMAND`. Exit codes: 0 done, 1 refused or failed, 2 wrong use.

import { Command } from "commander";
import { addBump } from "./bump.ts";
import { addCheck } from "./check.ts";
import { addOperatorCommands } from "./operator.ts";
import { addPlan } from "./plan.ts";
import { addPublish } from "./publish.ts";
import { addServe } from "./serve.ts";

const program = new Command("chart-promoter")
  .description("Turns a published Helm chart into a pull request, and a merged one into a deployment.")
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

addServe(program);
addBump(program);
addPlan(program);
addPublish(program);
addCheck(program);
addOperatorCommands(program);

await program.parseAsync();
