// The one issue that tells a config repository what is wrong with its config file.

import type { Problem } from "../../model/problem.ts";
import { clip } from "../../review/escape.ts";
import type { IssueText } from "../world.ts";

/** With these, a text of GitHub's 65,536 characters at the most holds them all. */
const LISTED = 40;
const LONGEST = 600;

/** Without problems the issue is closed. */
export function describeConfigProblems(file: string, problems: readonly Problem[]): IssueText {
  const title = `chart-promoter cannot read ${file}`;
  if (problems.length === 0) return { kind: "config", title };
  const lines = problems.slice(0, LISTED).map(({ message, help, place }) => {
    const where = place?.line === undefined ? "" : `line ${place.line}: `;
    return `* \`${file}\` ${where}${quoted(message)} ${quoted(help)}`;
  });
  const more = problems.length - lines.length;
  if (more > 0) lines.push(`* and ${more} more`);
  const body = [
    `No promotion is opened or updated until ${file} is fixed; nothing that is open is closed.`,
    lines.join("\n"),
    "This issue is updated when the file changes, and closed when the file is right.",
  ].join("\n\n");
  return { kind: "config", title, body };
}

/** Text from the file, kept from being read as Markdown, HTML or a mention. */
function quoted(text: string): string {
  return clip(text, LONGEST)
    .replace(/[\\`*_{}[\]<>#|~!]/g, "\\$&")
    .replace(/@/g, "@\u200b")
    .replace(/[\r\n]+/g, " ");
}
