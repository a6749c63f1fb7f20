// The commands and what becomes of a call. Exit codes: 0 done, 1 refused or failed, 2 wrong use.

import { Command, CommanderError } from "commander";
import { VERSION } from "../domain/model/program.ts";
import { isSystemError, systemReason } from "./arguments/read-text.ts";
import { addExamples } from "./examples.ts";
import { addCommands } from "./modules.ts";
import { wrongUse } from "./wrong-use.ts";

/** `args`: what stands behind the program's name. Says how it ended as `process.exitCode`, which stays as it is for 0. */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  const program = new Command("chart-promoter")
    .version(VERSION)
    // `plan --version` is the chart's.
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

/** Of what the parser threw, which it has told already, or of a file or an address that cannot be used. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (!isSystemError(error)) throw error;
  process.stderr.write(`${error.path ?? error.syscall}: ${systemReason(error)}.\n`);
  return 1;
}
