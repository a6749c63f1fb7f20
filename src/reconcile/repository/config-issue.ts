// The issue in a config repository that lists the problems of its config file.

import type { NeededPermission } from "../../domain/model/github/repository.ts";
import type { Obstacle } from "../../domain/model/obstacle.ts";
import type { Problem } from "../../domain/model/problem.ts";
import { clip, code, prose } from "../../domain/pull-request-body/markdown/escape.ts";
import type { IssueText } from "../ports/github/texts-on-github.ts";

/** Keeps the text within GitHub's limit of 65,536 characters. */
const LISTED = 40;
const LONGEST = 600;

/** Without problems the issue is closed. */
export function describeConfigProblems(file: string, problems: readonly Problem[]): IssueText {
  const title = `chart-promoter cannot read ${file}`;
  if (problems.length === 0) return { kind: "config", title };
  const lines = problems.slice(0, LISTED).map(({ message, help, place }) => {
    const where = place?.line === undefined ? "" : `line ${place.line}: `;
    return `* \`${place?.file ?? file}\` ${where}${quoted(message)} ${quoted(help)}`;
  });
  const more = problems.length - lines.length;
  if (more > 0) lines.push(`* and ${more} more`);
  const body = [
    `No promotion is opened or updated until ${file} is fixed; nothing that is open is closed. What is merged meanwhile is deployed when it is.`,
    lines.join("\n"),
    "This issue is updated when the file changes, and closed when the file is right.",
  ].join("\n\n");
  return { kind: "config", title, body };
}

/** Obstacles that exist although the config file is valid; without any, the issue is closed. */
export function describeObstacles(
  obstacles: readonly Obstacle[],
  lacking: readonly NeededPermission[],
): IssueText {
  const title =
    obstacles.length === 0 && lacking.length > 0
      ? "chart-promoter lacks permissions"
      : "chart-promoter cannot open all promotions";
  const body = [...lackingPermissions(lacking), ...promotionObstacles(obstacles)].join("\n\n");
  return { kind: "config", title, ...(body !== "" && { body }) };
}

/** For each permission: what an owner of the account has to grant, and what works without it. */
const NEEDED_FOR: Readonly<Record<NeededPermission, string>> = {
  checks: "no pull request gets the check `chart-promoter`, and one that requires it cannot be merged",
  deployments: "no merge is recorded, and none is deployed",
};

function lackingPermissions(lacking: readonly NeededPermission[]): readonly string[] {
  if (lacking.length === 0) return [];
  const lines = lacking.map((permission) => `* ${code(permission)}: without it, ${NEEDED_FOR[permission]}.`);
  return [
    "GitHub does not let the App write what these permissions are for:",
    lines.join("\n"),
    "An owner of the account gives them in the settings of the App's installation, once the App asks for them; app.yml lists all. What waits for them is made up for then, and looked at again within an hour; then this is taken back.",
  ];
}

function promotionObstacles(obstacles: readonly Obstacle[]): readonly string[] {
  if (obstacles.length === 0) return [];
  const lines = obstacles.slice(0, LISTED).map(({ environment, chart, message, help }) => {
    const where = [environment, ...(chart === undefined ? [] : [chart])].map(code).join(", ");
    return `* ${where}: ${prose(clip(`${message} ${help}`, LONGEST))}`;
  });
  const more = obstacles.length - lines.length;
  if (more > 0) lines.push(`* and ${more} more`);
  return [
    "This keeps promotions from being opened or updated:",
    lines.join("\n"),
    "It is tried again when it may be gone; this issue is updated then, and closed when nothing is in the way.",
  ];
}

/** Quotes text from the file, escaped against Markdown, HTML and mentions. */
function quoted(text: string): string {
  return clip(text, LONGEST)
    .replace(/[\\`*_{}[\]<>#|~!]/g, "\\$&")
    .replace(/@/g, "@\u200b")
    .replace(/[\r\n]+/g, " ");
}
