// Why a file cannot be read as YAML: the most likely mistake comes before the parser's own message.

import type { YamlFault } from "../../go-yaml/yaml-fault.ts";
import type { Problem, ProblemCode } from "../../model/problem.ts";
import { breakLines } from "./yaml-tree.ts";

export interface UnreadFile {
  readonly file: string;
  readonly text: string;
  readonly code: ProblemCode;
}

export function unreadable(
  { file, text, code }: UnreadFile,
  { line: found, message }: Pick<YamlFault, "line" | "message">,
): Problem {
  const template = firstLine(text, /^[^#]*\{\{/);
  if (template !== undefined) {
    return {
      code,
      message: `${file} holds a template ({{ … }}) in line ${template}: it is not the file that Helm reads.`,
      help: "Render the template, or keep the dependency in a file without one.",
      place: { file, line: template },
    };
  }
  const conflict = firstLine(text, /^(<{7}|>{7}) /);
  const line = conflict ?? found;
  const reason = conflict === undefined ? message : "it holds the marks of a merge conflict";
  return {
    code,
    message: `${file} cannot be read as YAML: ${reason} (line ${line}).`,
    help: "Correct the file so that Helm can load it.",
    place: { file, line },
  };
}

/** Helm can read the file, but the positions in it are uncertain, so it is not edited. */
export function uneditable(about: UnreadFile, line: number): Problem {
  const found = unreadable(about, { line, message: "" });
  if (found.place?.line !== line) return found;
  const { file, code } = about;
  return {
    code,
    message: `${file} cannot be edited exactly: readers of YAML disagree on what stands in line ${line}.`,
    help: "Write that more plainly: a quoted text in one line, or its further lines indented below its key.",
    place: { file, line },
  };
}

function firstLine(text: string, pattern: RegExp): number | undefined {
  const index = breakLines(text)
    .split("\n")
    .findIndex((line) => pattern.test(line));
  return index < 0 ? undefined : index + 1;
}
