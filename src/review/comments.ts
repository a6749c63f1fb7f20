// Everything the App says in comments: each text is one function, so that tests and translators find it here.

import { clip, code, text } from "./escape.ts";

/** A newer version took the place of an older one in an open pull request. */
export function versionMoved({ from, to }: { readonly from: string; readonly to: string }): string {
  return `Now ${code(to)} (was ${code(from)}); approvals of the earlier version do not count.`;
}

/** People pushed to the promotion branch, so the App leaves it alone. */
export function humanCommits({
  author,
  version,
}: {
  readonly author: string;
  readonly version: string;
}): string {
  return [
    `This branch holds commits by ${text(clip(author, 100))}, so it stays as it is: ${code(version)} was published and is not put in here.`,
    "Merge or close this pull request, or comment `/rebase` to have the branch made anew without those commits.",
  ].join(" ");
}

export function declined(version: string): string {
  return `Declined: ${code(version)} and older versions are not proposed again here. The next version will be; reopening takes this back.`;
}

export function held(by: string): string {
  return `Held by ${text(clip(by, 100))}; the check waits until somebody comments \`/unhold\`.`;
}

export function rolledBack({
  from,
  to,
  number,
}: {
  readonly from: string;
  readonly to: string;
  readonly number: number;
}): string {
  return `The way back from ${code(from)} to ${code(to)} is #${Math.trunc(number)}.`;
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
  ["/promote VERSION", "puts that version in here, when the chart repository has it"],
  ["/help", "shows this"],
];

export function help(): string {
  const rows = COMMANDS.map(([command, effect]) => `| \`${command}\` | ${effect} |`);
  return ["People with write access can comment:", "", "| | |", "|---|---|", ...rows].join("\n");
}
