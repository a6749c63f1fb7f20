// A `--set` line: `a.b=1,c={x,y}` (helm/helm pkg/strvals, parse and valList). Helm's grammar exactly, except that a
// line of which Helm silently drops a part is rejected.

import { fail, ok, type Result } from "../model/problem.ts";
import type { ValuePath } from "../model/umbrella.ts";
import { refusal, StrvalsFault } from "./fault.ts";
import { readPath } from "./parse-path.ts";
import { Runes } from "./runes.ts";

export interface SetAssignment {
  readonly path: ValuePath;
  /** As written, escapes carried out; a list for `{a,b}`. */
  readonly text: string | readonly string[];
}

/** The assignments in their order; `values-invalid` for a line that Helm rejects or partly drops. */
export function parseSet(line: string): Result<readonly SetAssignment[]> {
  const runes = new Runes(line);
  const assignments: SetAssignment[] = [];
  try {
    do assignments.push(readAssignment(runes));
    while (!runes.isAtEnd);
    return ok(assignments);
  } catch (fault) {
    if (!(fault instanceof StrvalsFault)) throw fault;
    return fail(refusal(line, fault));
  }
}

function readAssignment(runes: Runes): SetAssignment {
  const { path, end } = readPath(runes);
  if (end !== "=") throw new StrvalsFault(`${JSON.stringify(path.at(-1))} has no value`);
  if (runes.isAtEnd && isBelowItem(path)) {
    throw new StrvalsFault(
      "Helm drops an empty value at the end of a line below an item of a list; end it with a comma",
    );
  }
  return { path, text: runes.take("{") ? readList(runes) : runes.until(",").text };
}

/** The comma behind the brace is consumed; what follows without one is the next assignment, to Helm. */
function readList(runes: Runes): readonly string[] {
  const items: string[] = [];
  for (;;) {
    const { text, stop } = runes.until(",}");
    if (stop === undefined) throw new StrvalsFault("a list must end with }");
    items.push(text);
    if (stop === "}") break;
  }
  runes.take(",");
  return items;
}

/** Whether the path ends in a key below an index. */
function isBelowItem(path: ValuePath): boolean {
  return typeof path.at(-1) === "string" && path.some((step) => typeof step === "number");
}
