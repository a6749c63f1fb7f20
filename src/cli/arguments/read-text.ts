// Reads a file named on the command line, or says why it cannot be read.

import { readFile } from "node:fs/promises";
import { fail, ok, type ProblemCode, type Result } from "../../domain/model/problem.ts";

export interface WantedText {
  readonly path: string;
  readonly code: ProblemCode;
  readonly help: string;
}

export async function readText({ path, code, help }: WantedText): Promise<Result<string>> {
  try {
    return ok(await readFile(path, "utf8"));
  } catch (error) {
    return fail({ code, message: `${path} cannot be read: ${systemReason(error)}.`, help });
  }
}

/** The operating system's error in words. */
export function systemReason(error: unknown): string {
  const { code, message } = Object(error);
  return REASONS[String(code)] ?? String(message ?? error);
}

/** An error about files, the network or permissions, as opposed to a bug. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof Object(error).syscall === "string";
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EEXIST: "something else is there already",
  EISDIR: "it is a folder",
  ELOOP: "its symbolic links lead in a circle",
  ENAMETOOLONG: "the name is too long",
  ENOENT: "it is not there",
  ENOSPC: "the disk is full",
  ENOTDIR: "what stands in front of the last / is no folder",
  EPERM: "it is not permitted",
  EROFS: "the file system is read-only",
};
