// How a command tells why it did nothing.

import type { Problem } from "../domain/model/problem.ts";
import { visible } from "../domain/model/visible.ts";
import { printComplaint } from "./print-text.ts";

/** Two lines: where and what, and what to do. */
export function problemText({ message, help, place }: Problem): string {
  const line = place?.line === undefined ? "" : `:${place.line}`;
  return `${visible(`${place ? `${place.file}${line}: ` : ""}${message}`)}\n  ${visible(help)}\n`;
}

/** To standard error, or as one JSON document to standard output; the exit code becomes 1. */
export function refuse({ json }: { readonly json?: boolean }, problems: readonly Problem[]): void {
  if (json === true) process.stdout.write(`${JSON.stringify({ problems }, null, 2)}\n`);
  else printComplaint(problems.map(problemText).join(""));
  process.exitCode = 1;
}
