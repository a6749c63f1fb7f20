// Prints text that may contain names and sentences by others: control characters are escaped, so that none controls the
// terminal.

import { visibleLines } from "../domain/model/visible.ts";

/** To standard output. */
export function printText(text: string): void {
  process.stdout.write(visibleLines(text));
}

/** To standard error. */
export function printComplaint(text: string): void {
  process.stderr.write(visibleLines(text));
}
