// The text of a notification: one or two plain sentences and a link.

import { clip } from "../model/clip.ts";
import type { Moved } from "../model/deployment.ts";
import type { HistoryEvent } from "../model/history.ts";
import { plainEvent } from "./plain-event.ts";

export interface NoticeText {
  /** Plain text; each format escapes it in its own way. */
  readonly sentence: string;
  readonly link?: { readonly label: string; readonly url: string };
}

/** The config repository of the event, if it has one. */
export interface NoticePlace {
  /** `owner/name`. */
  readonly repository?: string;
  /** Base URL of GitHub's web pages. */
  readonly githubWeb: string;
}

/** Maximum length, in characters, of text by others. */
const LONGEST = 500;

export function noticeText(event: HistoryEvent, place: NoticePlace): NoticeText {
  const link = linkOf(event, place);
  return { sentence: sentenceOf(plainEvent(event), place), ...(link && { link }) };
}

function sentenceOf(event: HistoryEvent, place: NoticePlace): string {
  const { kind, facts } = event;
  const { repository = "" } = place;
  const { chart, version, pullRequest, key = "" } = facts;
  const { where, what, repeated, why } = wordsOf(event, place);
  switch (kind) {
    case "proposed":
      return `${chart} ${version} is proposed for ${where}.`;
    case "merged":
      return `#${pullRequest} was merged for ${where}${what}.`;
    case "deployed":
      return `${where} was deployed${repeated}${what}.`;
    case "failed":
      return `Deploying ${where}${repeated} failed${what}. ${why}`.trim();
    case "healed":
      return `The cluster of ${where} was healed: the commit that stood there was deployed again.`;
    case "drifted":
      return `The cluster of ${where} differs from what was deployed. ${why}`.trim();
    case "rejected":
      return `The publish of ${chart} ${version} was rejected. ${why}`;
    case "config-broken":
      return `.github/chart-promoter.yml of ${repository} cannot be used. ${why}`;
    case "dead-letter":
      return `The work on ${key} was given up: ${why} Once the cause is gone, run chart-promoter replay ${key}`;
    case "asked":
      return `${facts.command}${facts.key === undefined ? "" : ` of ${key}`} was asked for on the ${facts.door} by @${facts.by}.`;
    case "published":
    case "verified":
    case "declined":
    case "refused":
    case "superseded":
      return `${chart} ${version}: ${kind}. ${why}`.trim();
  }
}

/** A repeated deployment changes no version. */
function wordsOf({ environment = "", facts }: HistoryEvent, { repository }: NoticePlace) {
  const { moves = [], because = "", isRepeat } = facts;
  return {
    where: repository === undefined ? environment : `${environment} of ${repository}`,
    what: isRepeat ? "" : movesText(moves),
    repeated: isRepeat ? " again" : "",
    why: clip(because, LONGEST),
  };
}

/** ": xposer 1.0.0 → 1.1.0, …" */
function movesText(moves: readonly Moved[]): string {
  if (moves.length === 0) return "";
  const shown = moves
    .slice(0, MOST)
    .map(({ chart, from, to }) =>
      [chart, from, from !== "" && to !== "" ? "→" : "", to === "" ? "removed" : to]
        .filter(Boolean)
        .join(" "),
    );
  const rest = moves.length - shown.length;
  return `: ${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

const MOST = 10;

function linkOf({ facts }: HistoryEvent, { repository, githubWeb }: NoticePlace): NoticeText["link"] {
  const { pullRequest } = facts;
  if (repository === undefined) return undefined;
  return pullRequest === undefined
    ? { label: repository, url: `${githubWeb}/${repository}` }
    : { label: `#${pullRequest}`, url: `${githubWeb}/${repository}/pull/${pullRequest}` };
}
