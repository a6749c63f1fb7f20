// The trailers of a promotion's commit: they say which chart versions a branch has, whatever people write in titles.

import type { Move } from "../model/promotion.ts";

/** One chart version of a promotion's commit. */
export interface PromotedVersion {
  readonly chart: string;
  readonly version: string;
  /** Set by a rollback: the version that it takes back. */
  readonly rolledBackFrom?: string;
  /** Login of the person who requested it although it waited for an impossible condition. */
  readonly requestedBy?: string;
}

/** Whether the commit with these versions is a rollback. */
export function isRollback(promoted: readonly PromotedVersion[]): boolean {
  return promoted.some(({ rolledBackFrom }) => rolledBackFrom !== undefined);
}

/** The trailers of one commit, a group for each move in order; without a final line break. */
export function writeTrailers(moves: readonly Move[], rolledBackFrom?: ReadonlyMap<string, string>): string {
  return moves.flatMap((move) => group(move, rolledBackFrom?.get(move.chart))).join("\n");
}

function group(
  { chart, to, publish, override }: Move,
  rolledBackFrom: string | undefined,
): readonly string[] {
  const lines: readonly (readonly [string, string | undefined])[] = [
    ["Chart", chart],
    ["Chart-Version", to],
    ["Chart-Digest", publish.digest],
    ["Source-Repository", publish.source.repository],
    ["Source-Revision", publish.source.revision],
    ["Published-By", publish.publisher],
    ["Rolled-Back-From", rolledBackFrom],
    ["Requested-By", override?.by],
  ];
  return lines.flatMap(([key, value]) => (value === undefined ? [] : [`${key}: ${oneLine(value)}`]));
}

function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(RECOGNISED, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .trim();
}

/**
 * Text that GitHub interprets in a commit message: mentions, and references to issues and pull requests, which the
 * message may close when it reaches the default branch. Names of repositories and revisions never contain it.
 */
const RECOGNISED = /(?<!\w)@|#(?=\d)|(?<=\bgh)-(?=\d)|\/(?=(?:issues|pull|discussions)\/\d)/gi;

/**
 * The chart versions named in the last paragraph of a commit message (git-interpret-trailers' place for them).
 * A message without them, or with a `Chart` that no `Chart-Version` follows, carries nothing.
 */
export function readTrailers(message: string): readonly PromotedVersion[] {
  const promoted: PromotedVersion[] = [];
  let chart: string | undefined;
  for (const [key, value] of trailerLines(message)) {
    const last = promoted.at(-1);
    if (key === "Chart") chart = value;
    else if (key === "Chart-Version" && chart !== undefined) promoted.push({ chart, version: value });
    else if (key === "Rolled-Back-From" && last)
      promoted[promoted.length - 1] = { ...last, rolledBackFrom: value };
    else if (key === "Requested-By" && last) promoted[promoted.length - 1] = { ...last, requestedBy: value };
  }
  return promoted;
}

function trailerLines(message: string): readonly (readonly [string, string])[] {
  const paragraph =
    message
      .trimEnd()
      .split(/\n[ \t]*\n/)
      .at(-1) ?? "";
  return paragraph.split("\n").flatMap((line) => {
    const match = /^([A-Za-z][A-Za-z-]*): (.*)$/.exec(line.trimEnd());
    return match?.[1] === undefined || match[2] === undefined ? [] : [[match[1], match[2]] as const];
  });
}
