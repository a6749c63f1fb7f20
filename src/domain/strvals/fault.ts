// Why a path or a `--set` line is invalid.

import type { Problem } from "../model/problem.ts";

/** Thrown deep in the grammar; the parse functions catch it and return a problem. */
export class StrvalsFault extends Error {}

export function refusal(text: string, { message }: StrvalsFault): Problem {
  return {
    code: "values-invalid",
    message: `"${shortened(text)}" is no path that \`helm --set\` takes: ${message}.`,
    help: "Write keys with dots between them and [0] for the first item of a list; a backslash makes the next character part of a key or a value.",
  };
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
