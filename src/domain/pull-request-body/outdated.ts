// A line above a text that starts from versions the base no longer has, while the text cannot be generated again.

import { clip, code, text } from "./markdown/escape.ts";

export interface OutdatedVersion {
  readonly chart: string;
  /** The version that the text starts from. */
  readonly from: string;
  /** The version on the base. */
  readonly now: string;
}

const OUTDATED = "**Outdated:** ";
const OUTDATED_LINE = /^\*\*Outdated:\*\* .*\n\n/m;

export function tellsOutdated(appPart: string): boolean {
  return OUTDATED_LINE.test(appPart);
}

/** The App's part of a text with one such line, or without it when there is nothing to say. */
export function withOutdated(appPart: string, versions: readonly OutdatedVersion[], because: string): string {
  const rest = appPart.replace(OUTDATED_LINE, () => "");
  if (versions.length === 0) return rest;
  const there = versions.map(({ chart, from, now }) => `${code(chart)} at ${code(now)}, not ${code(from)}`);
  const line = `${OUTDATED}the base has ${there.join(", ")}, so that what follows is of another base. ${text(clip(because, 500))}`;
  const at = rest.indexOf("\n") + 1;
  return `${rest.slice(0, at)}${line}\n\n${rest.slice(at)}`;
}
