// How a packed chart is refused.

import type { Problem } from "../model/problem.ts";

/** `why` continues the sentence "The chart's archive is refused: ". */
export function archiveInvalid(why: string): Problem {
  return {
    code: "archive-invalid",
    message: `The chart's archive is refused: ${why}.`,
    help: "Pack the chart with `helm package` and publish it as a new version.",
  };
}

export function archiveTooLarge(what: "packed" | "unpacked", limitBytes: number): Problem {
  return {
    code: "too-large",
    message: `The chart's archive is refused: it is larger than ${limitBytes / 1024 / 1024} MiB ${what}.`,
    help: "Leave what is no part of the chart out of it with .helmignore and publish it as a new version.",
  };
}
