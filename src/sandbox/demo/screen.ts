// The demo's output: steps with their results, and a pull request in colour.

import { styleText } from "node:util";

const started = performance.now();

/** Prints the step, does it, and prints how it ended. */
export async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  process.stdout.write(`${styleText("cyan", "▸")} ${what}\n`);
  try {
    const result = await work();
    return result;
  } catch (error) {
    process.stdout.write(
      `${styleText("red", "✗")} ${what}: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    throw error;
  }
}

export function found(what: string): void {
  process.stdout.write(`  ${styleText("green", "✓")} ${what}\n`);
}

export function heading(text: string): void {
  process.stdout.write(`\n${styleText(["bold", "magenta"], text)}\n`);
}

/** Indented, to distinguish it from the demo's own output. */
export function quote(text: string): void {
  for (const line of text.trimEnd().split("\n"))
    process.stdout.write(`  ${styleText("gray", "│")} ${line}\n`);
}

/** A unified diff as git shows it. */
export function diff(text: string): void {
  quote(text.split("\n").map(coloured).join("\n"));
}

function coloured(line: string): string {
  if (line.startsWith("+++") || line.startsWith("---")) return styleText("bold", line);
  if (line.startsWith("@@")) return styleText("cyan", line);
  if (line.startsWith("+")) return styleText("green", line);
  return line.startsWith("-") ? styleText("red", line) : line;
}

export function seconds(): string {
  return ((performance.now() - started) / 1000).toFixed(1);
}
