// A local umbrella chart's folder: its texts, read and written without changing their encoding.

import { lstat, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fail, ok, type Problem, type Result } from "../../domain/model/problem.ts";
import type { Edit, Files } from "../../domain/model/umbrella.ts";

export interface LocalChartFolder {
  readonly path: string;
  readonly files: Files;
  /** Paths of the files in charts/. */
  readonly vendored: readonly string[];
}

/** Reads those of the named files that exist. Symbolic links and non-Unicode texts are refused. */
export async function readFolder(path: string, names: readonly string[]): Promise<Result<LocalChartFolder>> {
  const files = new Map<string, string>();
  const problems: Problem[] = [];
  for (const name of new Set(names)) {
    const status = await lstat(join(path, name)).catch(() => undefined);
    if (status === undefined || status.isDirectory()) continue;
    if (status.isSymbolicLink()) {
      problems.push(symbolicLink(name));
      continue;
    }
    const text = decode(await readFile(join(path, name)));
    if (text === undefined) problems.push(notUnicode(name));
    else files.set(name, text);
  }
  if (problems.length > 0) return { ok: false, problems };
  return ok({ path, files, vendored: await filesBelow(path, "charts") });
}

/** Writes every edit in its file's encoding, and deletes the archives that are swapped out. */
export async function writeFolder(
  path: string,
  edits: readonly Edit[],
  remove: readonly string[],
): Promise<Result<void>> {
  try {
    for (const edit of edits) await writeEdit(path, edit);
    for (const name of remove) await rm(join(path, name), { force: true });
    return ok(undefined);
  } catch (error) {
    return fail(unwritable(path, error));
  }
}

async function writeEdit(path: string, edit: Edit): Promise<void> {
  const file = join(path, edit.path);
  if (edit.before === null) await mkdir(dirname(file), { recursive: true });
  const old = edit.before === null ? undefined : await readFile(file);
  await writeFile(file, encode(edit.after ?? "", old));
}

async function filesBelow(path: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(path, folder), { withFileTypes: true, recursive: true }).catch(() => []);
  const prefix = join(path, "/");
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => (file.startsWith(prefix) ? file.slice(prefix.length) : file))
    .sort();
}

/** YAML's encodings by byte order mark; UTF-8 without one. */
function encodingOf(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function encode(text: string, old: Uint8Array | undefined): Uint8Array {
  const encoding = old === undefined ? "utf-8" : encodingOf(old);
  if (encoding === "utf-8") return Buffer.from(text, "utf8");
  const bytes = Buffer.from(text, "utf16le");
  return encoding === "utf-16le" ? bytes : bytes.swap16();
}

function symbolicLink(file: string): Problem {
  return {
    code: "file-unwritable",
    message: `${file} is a symbolic link: Helm does not write through one, and neither does this.`,
    help: "Put the file itself there, or name the folder that holds it.",
    place: { file },
  };
}

function notUnicode(file: string): Problem {
  return {
    code: "manifest-invalid",
    message: `${file} is neither UTF-8 nor UTF-16.`,
    help: "Save the file as UTF-8: Helm cannot read it either.",
    place: { file },
  };
}

function unwritable(path: string, error: unknown): Problem {
  return {
    code: "file-unwritable",
    message: `The edits could not be written to ${path}: ${error instanceof Error ? error.message : String(error)}.`,
    help: "Make the folder's files writable; check which of them were written already.",
  };
}
