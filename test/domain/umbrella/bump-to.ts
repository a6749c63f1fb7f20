// The plainest request to bump, for tests to vary.

import type { Bump, Files } from "../../../src/domain/model/umbrella.ts";

const AT = new Date("2026-01-02T03:04:05.678Z");

export function bumpTo(moves: Bump["moves"], more: Partial<Bump> = {}): Bump {
  return {
    moves,
    repositories: new Map(),
    values: [],
    valuesFiles: ["values.yaml", "{chart}.yaml", "values/{chart}.yaml"],
    vendored: [],
    umbrellaVersion: "keep",
    staleLock: "refuse",
    at: AT,
    ...more,
  };
}

export function applied(files: Files, edits: readonly { path: string; after: string | null }[]): Files {
  const after = new Map(files);
  for (const { path, after: text } of edits) {
    if (text === null) after.delete(path);
    else after.set(path, text);
  }
  return after;
}
