// Completion for zsh: https://zsh.sourceforge.io/Doc/Release/Completion-System.html

import type { Completed } from "./completed.ts";

/** A file `_chart-promoter` for a folder in `fpath`. */
export function zshScript(commands: readonly Completed[]): string {
  return [
    "#compdef chart-promoter",
    "local -a commands",
    "commands=(",
    ...commands.map(({ name, description }) => `  ${quoted(`${name}:${escaped(description)}`)}`),
    ")",
    "if ((CURRENT == 2)); then",
    "  _describe command commands",
    "  return",
    "fi",
    'case "$words[2]" in',
    ...commands.map(branch),
    "esac",
    "",
  ].join("\n");
}

/** Drops the word before the command's, as `_arguments` counts from the command. */
function branch({ name, options, choices }: Completed): string {
  const specs = options.map((option) => {
    const explained = `*${option.name}[${escaped(option.description)}]`;
    if (!option.takesValue) return quoted(explained);
    const values = option.choices.length > 0 ? `(${option.choices.join(" ")})` : "_files";
    return quoted(`${explained}:value:${values}`);
  });
  const rest = choices.length > 0 ? `1:value:(${choices.join(" ")})` : "*:file:_files";
  return `${name}) shift words; ((CURRENT--)); _arguments ${[...specs, quoted(rest)].join(" ")} ;;`;
}

/** Escapes a description. */
function escaped(text: string): string {
  return text.replaceAll(/[[\]:\\]/g, "\\$&");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
