// What a command says to people: names and sentences of others are in it, and none of them steers the terminal that shows it.

import { visibleLines } from "../domain/model/visible.ts";

/** To standard output. */
export function printText(text: string): void {
  process.stdout.write(visibleLines(text));
}

/** To standard error. */
export function printComplaint(text: string): void {
  process.stderr.write(visibleLines(text));
}
