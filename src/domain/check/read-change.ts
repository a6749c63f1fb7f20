// Parses a change of one environment: the umbrella chart at each commit (the same text only once), and the dependencies
// that change.

import type { EnvironmentTexts } from "../model/github/checked-pull-request.ts";
import { ok, type Result } from "../model/problem.ts";
import { type Files, MANIFEST_FILES, type Umbrella } from "../model/umbrella.ts";
import { type PlacedUmbrella, readPlacedUmbrella } from "../umbrella/read-umbrella.ts";
import { type MovedEntry, movedEntries } from "./moved-entries.ts";

export interface ReadChange {
  readonly umbrellas: {
    readonly base: Result<Umbrella>;
    readonly head: Result<Umbrella>;
    readonly merged: Result<Umbrella>;
  };
  /** Every text as the merge will leave it: files that the pull request did not change are as on the base. */
  readonly merged: Files;
  /** Every entry of the head, in the order of its manifest; empty when the head cannot be read. */
  readonly entries: readonly MovedEntry[];
  /** The effective lock file at the merge base. */
  readonly lockBefore?: string;
}

/** `repositories`: URL by the name that `@name` and `alias:name` use. */
export function readChange(texts: EnvironmentTexts, repositories: ReadonlyMap<string, string>): ReadChange {
  const merged = mergedTexts(texts);
  const read = readOnce(repositories);
  const [fork, base, head] = [read(texts.fork), read(texts.base), read(texts.head)];
  const lockBefore = fork.ok ? fork.value.umbrella.lock?.file : undefined;
  return {
    umbrellas: { base: alone(base), head: alone(head), merged: alone(read(merged)) },
    merged,
    entries: head.ok
      ? movedEntries(head.value, {
          ...(fork.ok && { began: fork.value.umbrella }),
          ...(base.ok && { now: base.value.umbrella }),
        })
      : [],
    ...(lockBefore !== undefined && { lockBefore }),
  };
}

/** Commits with the same umbrella chart share one parse. */
function readOnce(repositories: ReadonlyMap<string, string>): (files: Files) => Result<PlacedUmbrella> {
  const known: { readonly files: Files; readonly read: Result<PlacedUmbrella> }[] = [];
  return (files) => {
    const same = known.find((one) => MANIFEST_FILES.every((path) => one.files.get(path) === files.get(path)));
    if (same) return same.read;
    const read = readPlacedUmbrella(files, repositories);
    known.push({ files, read });
    return read;
  };
}

function alone(read: Result<PlacedUmbrella>): Result<Umbrella> {
  return read.ok ? ok(read.value.umbrella) : read;
}

function mergedTexts({ fork, base, head }: EnvironmentTexts): Files {
  const paths = new Set([...base.keys(), ...head.keys()]);
  return new Map(
    [...paths].flatMap((path) => {
      const text = head.get(path) === fork.get(path) ? base.get(path) : head.get(path);
      return text === undefined ? [] : [[path, text] as const];
    }),
  );
}
