// Completion for bash: https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html

import type { Completed } from "./completed.ts";

/** To be sourced, or put into a folder of bash-completion. */
export function bashScript(commands: readonly Completed[]): string {
  return [
    "# bash completion of chart-promoter",
    "_chart_promoter() {",
    `  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command='' words=''`,
    `  ((COMP_CWORD > 1)) && command=\${COMP_WORDS[1]}`,
    "  COMPREPLY=()",
    '  case "$command $previous" in',
    ...commands.flatMap(values),
    '  *) case "$command" in',
    `    '') words='${[...commands.map(({ name }) => name), "--help", "--version"].join(" ")}' ;;`,
    ...commands.map(
      ({ name, options, choices }) =>
        `    ${name}) words='${[...choices, ...options.map((option) => option.name)].join(" ")}' ;;`,
    ),
    "    esac ;;",
    "  esac",
    // Without words, bash completes file names.
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    "}",
    "complete -o bashdefault -o default -F _chart_promoter chart-promoter",
    "",
  ].join("\n");
}

/** After an option with a value: its choices, or file names. */
function values({ name, options }: Completed): readonly string[] {
  return options
    .filter(({ takesValue }) => takesValue)
    .map((option) => `  '${name} ${option.name}') words='${option.choices.join(" ")}' ;;`);
}
