// The commands and exit codes: 0 done, 1 refused or failed, 2 usage error.

import { Command, CommanderError } from "commander";
import { VERSION } from "../domain/model/program.ts";
import { isSystemError, systemReason } from "./arguments/read-text.ts";
import { addExamples } from "./examples.ts";
import { addCommands } from "./modules.ts";
import { wrongUse } from "./wrong-use.ts";

/** `args`: without the program's name. Sets `process.exitCode`, unless it is 0. */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  const program = new Command("chart-promoter")
    .version(VERSION)
    // In `plan --version`, the option is the chart's version, not the program's.
    .enablePositionalOptions()
    .description("Turns a published Helm chart into a pull request, and a merged one into a deployment.")
    .configureOutput(wrongUse(args))
    .exitOverride();
  const [name = ""] = args;
  await addCommands(program, name);
  addExamples(program);
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

/** For errors of the parser, which it has printed already, and of files or URLs that cannot be used. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (!isSystemError(error)) throw error;
  process.stderr.write(`${error.path ?? error.syscall}: ${systemReason(error)}.\n`);
  return 1;
}
