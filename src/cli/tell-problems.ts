// How a command reports problems.

import type { Problem } from "../domain/model/problem.ts";
import { visible } from "../domain/model/visible.ts";
import { printComplaint } from "./print-text.ts";

/** Two lines: the place and the problem, and the help. */
export function problemText({ message, help, place }: Problem): string {
  const line = place?.line === undefined ? "" : `:${place.line}`;
  return `${visible(`${place ? `${place.file}${line}: ` : ""}${message}`)}\n  ${visible(help)}\n`;
}

/** To standard error, or as one JSON document to standard output; sets the exit code to 1. */
export function refuse({ json }: { readonly json?: boolean }, problems: readonly Problem[]): void {
  if (json === true) process.stdout.write(`${JSON.stringify({ problems }, null, 2)}\n`);
  else printComplaint(problems.map(problemText).join(""));
  process.exitCode = 1;
}
