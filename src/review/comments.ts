// Everything the App says in comments: each text is one function, so that tests and translators find it here.

import { clip, code, text } from "./escape.ts";

/** Newer versions took the place of older ones in an open pull request. Versions were checked to be versions. */
export function movedOn(
  moved: readonly { readonly chart: string; readonly was: string; readonly now: string }[],
): string {
  const [only, ...rest] = moved;
  const what =
    only && rest.length === 0
      ? `now ${only.now} (was ${only.was})`
      : moved.map(({ chart, now, was }) => `${text(chart)} now ${now} (was ${was})`).join(", ");
  return `${what}; approvals of the earlier version do not count`;
}

/** People pushed to the promotion branch, so the App leaves it alone; `because` names them, in their own words. */
export function humanCommits(
  moves: readonly { readonly chart: string; readonly to: string }[],
  because: string,
): string {
  const versions = moves.map(({ chart, to }) => `${text(chart)} ${to}`).join(", ");
  return [
    `${versions} was published, but ${text(clip(because, 500))}, so this branch is left as it is.`,
    "Merge or close this pull request, or comment `/rebase` to have the branch made anew without those commits.",
  ].join(" ");
}

export function declined(version: string): string {
  return `Declined: ${code(version)} and older versions are not proposed again here. The next version will be; reopening takes this back.`;
}

export function rolledBack(
  moves: readonly { readonly chart: string; readonly from: string; readonly to: string }[],
  number: number,
): string {
  const ways = moves.map(({ chart, from, to }) => {
    const subject = moves.length > 1 ? `of ${code(chart)} ` : "";
    return `${subject}from ${code(from)} to ${code(to)}`;
  });
  return `The way back ${ways.join(", ")} is #${Math.trunc(number)}.`;
}

/** A command that could not be done, and what to do about it. */
export function refused({
  command,
  because,
  help,
}: {
  readonly command: string;
  readonly because: string;
  readonly help: string;
}): string {
  return `${code(command)} was not done: ${text(clip(because, 500))} ${text(clip(help, 500))}`.trim();
}

/** Somebody without write access gave a command. */
export function notAllowed(command: string): string {
  return `${code(command)} was not done: it takes write access to this repository.`;
}

const COMMANDS: readonly (readonly [command: string, effect: string])[] = [
  ["/hold", "keeps the check from succeeding"],
  ["/unhold", "takes that back"],
  ["/rebase", "makes the branch anew from its base; commits of others on it are lost"],
  ["/reject", "closes this pull request and declines its version"],
  ["/rollback", "on a merged promotion: opens a pull request back to the version before"],
  [
    "/promote [CHART] VERSION",
    "puts that version in here, when the chart repository has it; the chart is named where there are several",
  ],
  ["/help", "shows this"],
];

export function help(): string {
  const rows = COMMANDS.map(([command, effect]) => `| \`${command}\` | ${effect} |`);
  return ["People with write access can comment:", "", "| | |", "|---|---|", ...rows].join("\n");
}
