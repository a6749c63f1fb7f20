// Reads the imports of the files of src, for the architecture test and the drawing.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

export const SRC = join(import.meta.dirname, "../..");

export interface Import {
  /** Relative to src, as all paths here. */
  readonly file: string;
  readonly name: string;
  /** The imported file; absent for a library. */
  readonly target?: string;
}

export const FILES = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".ts"),
);

/** Without the sandbox and the tools. */
export const PRODUCT = FILES.filter((file) => !/^(sandbox|tools)\//.test(file));

export function importsOf(file: string): readonly Import[] {
  const statements = textOf(file).matchAll(
    /^(?:import|export)\b[^;]*?\bfrom\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm,
  );
  return [...statements].map((match) => {
    const name = match[1] ?? match[2] ?? match[3] ?? "";
    if (!name.startsWith(".")) return { file, name };
    return { file, name, target: relative(SRC, resolve(SRC, dirname(file), name)) };
  });
}

export function textOf(file: string): string {
  return readFileSync(join(SRC, file), "utf8");
}

/** Whether `file` is `place` or is in the folder `place`. */
export function isIn(file: string, place: string): boolean {
  return file === place || file.startsWith(`${place}/`);
}
