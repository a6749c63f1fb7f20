// `--set` and `--set-string`, each repeatable, in Helm's own grammar.

import { InvalidArgumentError } from "commander";
import type { ValueSetting } from "../../domain/model/umbrella.ts";
import { parseSet } from "../../domain/strvals/parse-set.ts";

/** For commander's `option`: appends the assignments of one `--set`. A usage error for what Helm rejects. */
export function collectSet(line: string, before: readonly ValueSetting[]): readonly ValueSetting[] {
  return [...before, ...assignments(line).map(({ path, text }) => ({ path, untyped: text }))];
}

/** The same for `--set-string`, where every value is a text. */
export function collectSetString(line: string, before: readonly ValueSetting[]): readonly ValueSetting[] {
  return [...before, ...assignments(line).map(({ path, text }) => ({ path, value: text }))];
}

function assignments(line: string) {
  const parsed = parseSet(line);
  if (parsed.ok) return parsed.value;
  throw new InvalidArgumentError(parsed.problems.map(({ message, help }) => `${message} ${help}`).join(" "));
}
