// A change of one environment, read: the umbrella chart at each commit, no text twice, and the dependencies that it moves.

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
  /** Every text as the merge will leave it: what the pull request did not change is as on the base. */
  readonly merged: Files;
  /** Every entry of the head, in the order of its manifest; none where the head cannot be read. */
  readonly entries: readonly MovedEntry[];
  /** The lock that Helm went by where the pull request began. */
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

/** Of commits whose umbrella chart is the same, one is read. */
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
