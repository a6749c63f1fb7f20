// All comments of the App, one function for each text, so that tests and translators find them here.

import { hiddenMarker } from "../model/github/hidden-marker.ts";
import { clip, code, text } from "./markdown/escape.ts";

/** For an open pull request that changed to newer versions. The version texts have been validated. */
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

/**
 * People pushed to the promotion branch, so the App leaves it alone; `because` names them. `ours`: whether the App
 * opened the pull request, which is when its commands apply.
 */
export function humanCommits(
  moves: readonly { readonly chart: string; readonly to: string }[],
  because: string,
  byApp = true,
): string {
  const versions = moves.map(({ chart, to }) => `${text(chart)} ${to}`).join(", ");
  const ways = byApp
    ? "Merge or close this pull request, or comment `/rebase` to have the branch made anew without those commits."
    : "Merge or close this pull request, and delete its branch: the App opens its own then.";
  return `${versions} was published, but ${text(clip(because, 500))}, so this branch is left as it is. ${ways}`;
}

/** `elsewhere`: whether other environments of the repository have one of its charts. */
export function declined({
  versions,
  elsewhere,
}: {
  readonly versions: readonly { readonly chart: string; readonly version: string }[];
  readonly elsewhere: boolean;
}): string {
  const several = versions.length > 1;
  const names = versions.map(({ chart, version }) => code(several ? `${chart} ${version}` : version));
  return [
    `${DECLINED} ${names.join(", ")} and older versions are not proposed again here; newer ones will be.`,
    "Reopening takes this back (restore the branch first where it is gone), and",
    `\`/promote ${several ? "CHART " : ""}VERSION\` brings it or an older one; each as long as no newer version is proposed here.`,
    ...(elsewhere ? [EVERYWHERE] : []),
  ].join(" ");
}

/** Begins every comment of the App about a promotion that was closed unmerged. */
const DECLINED = "Declined:";

export function tellsDeclined(body: string): boolean {
  return body.startsWith(DECLINED);
}

/** Declining a rollback keeps no version out. `elsewhere`: as for `declined`. */
export function rollbackDeclined(
  versions: readonly { readonly chart: string; readonly version: string }[],
  elsewhere: boolean,
): string {
  const names = versions.map(({ chart, version }) => code(`${chart} ${version}`)).join(", ");
  const body = `Closed: the way back is not taken. Reopening opens it again, and so does \`/rollback\` on the pull request that brought ${names}; each as long as that stands here and no newer version is proposed.`;
  return elsewhere ? `${body} ${EVERYWHERE}` : body;
}

const EVERYWHERE =
  "`/reject everywhere` declines it in every other environment of this repository that proposes it.";

/** For a version published although a higher one had been declined; it may be a hot fix of an older line. */
export function olderThanDeclined({
  chart,
  version,
  declined,
}: Readonly<Record<"chart" | "version" | "declined", string>>): string {
  const what = `${code(chart)} ${code(version)} was published. It is older than ${code(declined)}, which was declined or rolled back here, so it is not proposed.`;
  return `${what} Comment ${code(`/promote ${chart} ${version}`)} to have it all the same.`;
}

export interface EnvironmentPullRequest {
  readonly environment: string;
  readonly number: number;
}

/**
 * The result of `/reject everywhere`: promotions that were closed, that also contain other charts, that GitHub does not
 * let the App close, and versions that are merged already.
 */
export function rejectedElsewhere({
  closed,
  mixed,
  standing,
  refused = [],
}: Readonly<Record<"closed" | "mixed" | "standing", readonly EnvironmentPullRequest[]>> & {
  readonly refused?: readonly EnvironmentPullRequest[];
}): string {
  const list = (found: readonly EnvironmentPullRequest[]) =>
    found.map(({ environment, number }) => `${code(environment)} (#${Math.trunc(number)})`).join(", ");
  return [
    ...(closed.length > 0 ? [`Declined in ${list(closed)} as well.`] : []),
    ...(closed.length + mixed.length + refused.length === 0 ? ["No other environment proposed it."] : []),
    ...(refused.length > 0
      ? [`GitHub did not take all that closes it in ${list(refused)}: see there, and close it by hand.`]
      : []),
    ...(mixed.length > 0
      ? [`Left open in ${list(mixed)}, together with other charts: comment \`/reject\` there to decline all.`]
      : []),
    ...(standing.length > 0 ? [`Merged in ${list(standing)}: \`/rollback\` there is the way back.`] : []),
  ].join(" ");
}

/** `elsewhere`: whether other environments of the repository have one of the charts. */
export function rolledBack(
  moves: readonly Readonly<{ chart: string; from: string; to: string; key?: string }>[],
  { number, elsewhere }: { readonly number: number; readonly elsewhere: boolean },
): string {
  const ways = moves.map(({ chart, from, to, key }) => {
    const as = key === undefined ? "" : ` as ${code(key)}`;
    const subject = moves.length > 1 ? `of ${code(chart)}${as} ` : "";
    return `${subject}from ${code(from)} to ${code(to)}`;
  });
  const way = `The way back ${ways.join(", ")} is #${Math.trunc(number)}.`;
  return elsewhere ? `${way} ${EVERYWHERE}` : way;
}

/** Maximum length of a quoted command: GitHub accepts comments of at most 65,536 characters. */
const LONGEST_COMMAND = 200;

/** A refused command, with the reason and what to do. */
export function refused({
  command,
  because,
  help,
}: {
  readonly command: string;
  readonly because: string;
  readonly help: string;
}): string {
  const body = [because, help]
    .filter((part) => part.trim() !== "")
    .map((part) => text(clip(ended(part), 500)));
  return `${code(clip(command, LONGEST_COMMAND))} was not done: ${body.join(" ")}`;
}

/** Text by others may lack a full stop. */
function ended(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** For `/hold` with a reason. */
export function heldByComment(): string {
  return "Held until somebody comments `/unhold`; the words behind `/hold` are for people and change nothing.";
}

/** Held because it replaces a pull request that was held. */
export function stillHeld(before: number): { readonly marker: string; readonly body: string } {
  const marker = hiddenMarker(`held before ${Math.trunc(before)}`);
  const body = `Held: this takes the place of #${Math.trunc(before)}, which was held when it was withdrawn. \`/unhold\` lets it go.`;
  return { marker, body: `${body}\n\n${marker}` };
}

/** Somebody without write access changed a guarded label. */
export function labelPutBack(label: string): { readonly marker: string; readonly body: string } {
  const marker = hiddenMarker(`label ${label}`);
  const body = `The label ${code(label)} was put back as it was: changing it takes write access to this repository.`;
  return { marker, body: `${body}\n\n${marker}` };
}

/** Somebody without write access gave a command. */
export function notAllowed(command: string): string {
  return `${code(command)} was not done: it takes write access to this repository.`;
}

const COMMANDS: readonly (readonly [command: string, effect: string])[] = [
  ["/hold [REASON]", "keeps the check from succeeding"],
  ["/unhold", "takes that back"],
  ["/allow", "lets the check pass, for the commit that is there now, what somebody has to have meant"],
  ["/rebase", "makes the branch anew from its base; commits of others that are on it by then are lost"],
  [
    "/reject",
    "closes this pull request and declines its version; `everywhere` behind it: in every environment",
  ],
  ["/rollback", "on a merged promotion: opens a pull request back to the version before"],
  [
    "/promote [CHART] VERSION [to ENVIRONMENT]",
    "proposes that version when the chart repository has it, here or in another environment",
  ],
  ["/redeploy", "on a merged pull request: deploys again what was deployed to its environment last"],
  ["/heal", "on an issue about drift: the same, as a heal"],
  ["/keep 4h", "on an issue about drift: leaves it alone that long"],
  ["/help", "shows this"],
];

export function help(): string {
  const rows = COMMANDS.map(([command, effect]) => `| \`${command}\` | ${effect} |`);
  return ["People with write access can comment:", "", "| | |", "|---|---|", ...rows].join("\n");
}
