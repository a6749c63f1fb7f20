// `completion`: prints a script for completing commands, options and their choices. The shell itself completes file
// names.

import { Argument, type Command, type Option } from "commander";
import { bashScript } from "./completion/bash.ts";
import type { Completed } from "./completion/completed.ts";
import { zshScript } from "./completion/zsh.ts";

const SHELLS = { bash: bashScript, zsh: zshScript };

export function addCompletion(program: Command): void {
  program
    .command("completion")
    .description("print a script that has a shell complete what is typed")
    .addArgument(new Argument("<shell>", "the shell").choices(Object.keys(SHELLS)))
    .action((shell: keyof typeof SHELLS) => {
      process.stdout.write(SHELLS[shell](program.commands.map(completed)));
    });
}

function completed(command: Command): Completed {
  return {
    name: command.name(),
    description: command.description(),
    options: [...command.options, command.createHelp().visibleOptions(command).at(-1)].flatMap(toOption),
    choices: command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
  };
}

function toOption(option: Option | undefined): Completed["options"] {
  if (option?.long === undefined || option.long === null) return [];
  const { long, description, required, optional, argChoices = [] } = option;
  return [{ name: long, description, takesValue: required || optional, choices: argChoices }];
}
