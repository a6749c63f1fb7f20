// The problem of an invalid archive.

import { clip } from "../../../domain/model/clip.ts";
import type { Problem } from "../../../domain/model/problem.ts";

const LONGEST = 300;

/** `why` continues the sentence "The chart's archive is refused: "; it may quote the archive at any length. */
export function archiveInvalid(why: string): Problem {
  return {
    code: "archive-invalid",
    message: `The chart's archive is refused: ${clip(why, LONGEST)}.`,
    help: "Pack the chart with `helm package` and publish it as a new version.",
  };
}

export function archiveTooLarge(what: "packed" | "unpacked", limitBytes: number): Problem {
  return tooLarge(`it is larger than ${inMebibytes(limitBytes)} ${what}`);
}

export function fileTooLarge(path: string, limitBytes: number): Problem {
  return tooLarge(
    `its file ${JSON.stringify(clip(path, LONGEST))} is larger than ${inMebibytes(limitBytes)}`,
  );
}

function tooLarge(why: string): Problem {
  return {
    code: "too-large",
    message: `The chart's archive is refused: ${why}.`,
    help: "Leave what is no part of the chart out of it with .helmignore and publish it as a new version.",
  };
}

function inMebibytes(bytes: number): string {
  return `${bytes / 1024 / 1024} MiB`;
}
