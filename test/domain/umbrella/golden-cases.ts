// fixtures/umbrella/<case>: before/ and bump.json go in; after/ or problems.json must come out.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bump, Files, Value } from "../../../src/domain/model/umbrella.ts";
import { bumpTo } from "./bump-to.ts";

const ROOT = join(import.meta.dirname, "../../../fixtures/umbrella");

export interface GoldenCase {
  readonly name: string;
  readonly folder: string;
  readonly before: Files;
  readonly change: Bump;
  /** Absent when it must be refused. */
  readonly after?: Files;
  /** What the real Helm can say: that its own lock is the same, or only that it takes this one. */
  readonly oracle?: "same-lock" | "accepts";
}

/** bump.json: everything but `move` may be left out. */
interface Written {
  readonly move: readonly { readonly index: number; readonly version: string }[];
  readonly repositories?: { readonly [name: string]: string };
  readonly values?: readonly {
    readonly chart: string;
    readonly path: readonly string[];
    readonly value: Value;
  }[];
  readonly vendored?: readonly string[];
  readonly umbrellaVersion?: "keep" | "patch";
  readonly staleLock?: "refuse" | "repair";
  readonly oracle?: "same-lock" | "accepts";
}

export function goldenCases(): readonly GoldenCase[] {
  return readdirSync(ROOT).sort().map(readCase);
}

function readCase(name: string): GoldenCase {
  const folder = join(ROOT, name);
  const { move, repositories, oracle, ...more }: Written = JSON.parse(
    readFileSync(join(folder, "bump.json"), "utf8"),
  );
  return {
    name,
    folder,
    before: readFolder(join(folder, "before")),
    change: bumpTo(move, { ...more, repositories: new Map(Object.entries(repositories ?? {})) }),
    ...(existsSync(join(folder, "after")) && { after: readFolder(join(folder, "after")) }),
    ...(oracle !== undefined && { oracle }),
  };
}

function readFolder(folder: string): Files {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = names.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, "utf8")]));
}
