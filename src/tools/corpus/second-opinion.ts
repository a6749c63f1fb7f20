// Checks a bump independently of the code that made it: by lines, and with another YAML library.

import { FAILSAFE_SCHEMA, load } from "js-yaml";
import type { Bumped, Edit, Files } from "../../domain/model/umbrella.ts";
import { readUmbrella } from "../../domain/umbrella/read-umbrella.ts";

export interface Bumping {
  readonly files: Files;
  readonly index: number;
  readonly version: string;
  readonly bumped: Bumped;
}

/** All faults; empty for a correct bump. */
export function faultsOf({ files, index, version, bumped }: Bumping): readonly string[] {
  const after = new Map(files);
  for (const { path, after: text } of bumped.edits) after.set(path, text ?? "");
  return [
    ...bumped.edits.flatMap((edit) =>
      edit.path.endsWith(".lock") ? lockLineFaults(edit) : manifestFaults(edit, index),
    ),
    ...readingFaults(after, index, version),
  ];
}

function manifestFaults({ path, before, after }: Edit, index: number): readonly string[] {
  const changed = changedLines(before ?? "", after ?? "");
  const faults = changed === 1 ? [] : [`${path}: ${changed ?? "the number of"} lines changed`];
  const [old, now] = [dataOf(before ?? ""), dataOf(after ?? "")];
  if (old === undefined) return faults;
  if (now === undefined) return [...faults, `${path}: no longer readable`];
  const wanted = now.at(index);
  const expected = old.with(index, { ...old.at(index), version: wanted?.version });
  return JSON.stringify(now) === JSON.stringify(expected)
    ? faults
    : [...faults, `${path}: another entry changed`];
}

function lockLineFaults({ path, before, after }: Edit): readonly string[] {
  const changed = changedLines(before ?? "", after ?? "");
  return changed !== undefined && changed <= 3
    ? []
    : [`${path}: ${changed ?? "the number of"} lines changed`];
}

function changedLines(before: string, after: string): number | undefined {
  const [old, now] = [before.split("\n"), after.split("\n")];
  return old.length === now.length ? old.filter((line, at) => line !== now[at]).length : undefined;
}

type Item = { readonly [key: string]: unknown } & { readonly version?: unknown };

/** The list of dependencies with every scalar as text; `undefined` when the library cannot read the file. */
function dataOf(text: string): readonly Item[] | undefined {
  try {
    const data: unknown = load(text.replace(/^\ufeff/, ""), { schema: FAILSAFE_SCHEMA, json: true });
    const list = isRecord(data) ? data["dependencies"] : undefined;
    return Array.isArray(list) && list.every(isRecord) ? list : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readingFaults(files: Files, index: number, version: string): readonly string[] {
  const umbrella = readUmbrella(files, new Map());
  if (!umbrella.ok) return ["the result is refused by Helm"];
  const { lock } = umbrella.value;
  if (lock === undefined) return [];
  return [
    ...(lock.form === undefined ? ["the lock is out of step"] : []),
    ...(lock.dependencies[index]?.version === version ? [] : ["the lock does not hold the version"]),
  ];
}
