// The single-file command line for machines with only Node: `node chart-promoter.mjs publish …`. It runs on Node 20, so
// its imports use nothing newer, except for what is polyfilled here.

import { Command } from "commander";
import { VERSION } from "../../domain/model/program.ts";
import { addPublish } from "../publish/command.ts";
import { wrongUse } from "../wrong-use.ts";

/** Node has `URL.parse` since 22.1. */
function parse(address: string, base?: string): URL | null {
  try {
    return new URL(address, base);
  } catch {
    return null;
  }
}
if (!("parse" in URL)) Object.defineProperty(URL, "parse", { value: parse });

const program = new Command("chart-promoter")
  .version(VERSION)
  .enablePositionalOptions()
  .description("Announces a published Helm chart to chart-promoter.")
  .configureOutput(wrongUse(process.argv))
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
addPublish(program);
await program.parseAsync();
