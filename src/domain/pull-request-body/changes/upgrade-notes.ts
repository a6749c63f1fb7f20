// A chart's notes on upgrading: UPGRADE.md or UPGRADING.md of its archive, else the part of its README about upgrading.

import { compare, parse, type SemVer } from "semver";
import type { Archive } from "../../model/chart/archive.ts";
import type { ChartFacts } from "../facts.ts";
import { safeLines } from "./markdown-lines.ts";

export interface UpgradeNote {
  /** Lines of safe Markdown, the heading first. */
  readonly lines: readonly string[];
}

/**
 * Those for versions above the present one, up to the new one, in the order of the file; everything when the file names
 * no versions.
 */
export function upgradeNotes({ from, to, after }: ChartFacts): readonly UpgradeNote[] {
  const [low, high] = [parse(from), parse(to)];
  if (after.kind === "missing" || high === null) return [];
  const parts = partsOf(upgradeText(after.archive));
  const versioned = parts.filter(({ version }) => version !== undefined);
  const fitting = versioned.filter(
    ({ version }) =>
      version !== undefined && compare(version, high) <= 0 && (low === null || compare(version, low) > 0),
  );
  return (versioned.length === 0 ? parts : fitting).map(({ lines }) => ({ lines: safeLines(lines) }));
}

const LONGEST = 1_000_000;

function upgradeText({ files }: Archive): readonly string[] {
  const named = [...files.keys()].find((path) =>
    /^(?:docs?\/)?upgrad(?:e|es|ing)(?:\.md|\.txt)?$/i.test(path),
  );
  if (named !== undefined) return linesOf(files.get(named));
  const readme = [...files.keys()].find((path) => /^readme(?:\.md|\.txt)?$/i.test(path));
  return readme === undefined ? [] : aboutUpgrading(linesOf(files.get(readme)));
}

function linesOf(bytes: Uint8Array | undefined): readonly string[] {
  return bytes === undefined ? [] : new TextDecoder().decode(bytes.subarray(0, LONGEST)).split(/\r?\n/);
}

/** The text after the first heading about upgrading, up to the next heading of its level. */
function aboutUpgrading(lines: readonly string[]): readonly string[] {
  const start = lines.findIndex((line) => /^#{1,6}\s(?:.{0,30}\s)?upgrad(?:e|es|ing)\b/i.test(line));
  if (start === -1) return [];
  const level = levelOf(lines[start] ?? "");
  const length = lines.slice(start + 1).findIndex((line) => levelOf(line) > 0 && levelOf(line) <= level);
  return lines.slice(start + 1, length === -1 ? undefined : start + 1 + length);
}

function levelOf(line: string): number {
  return /^(#{1,6})\s/.exec(line)?.[1]?.length ?? 0;
}

interface Part {
  readonly version?: SemVer;
  readonly lines: readonly string[];
}

/** Split at headings that name a version; the part before the first has none. */
function partsOf(lines: readonly string[]): readonly Part[] {
  const parts: { version?: SemVer; lines: string[] }[] = [];
  for (const line of lines) {
    const version = levelOf(line) === 0 ? undefined : versionIn(line);
    const current = parts.at(-1);
    if (version !== undefined) parts.push({ version, lines: [line] });
    else if (current === undefined) parts.push({ lines: [line] });
    else current.lines.push(line);
  }
  return parts.filter((part) => part.lines.some((line) => line.trim() !== ""));
}

/** The last version that a heading names: "To 16.0.0", "From 55.x to 56.x", "v2.0". */
function versionIn(heading: string): SemVer | undefined {
  const found = [
    ...heading.matchAll(/(?<![\w.])v?(\d{1,9})(?:\.(\d{1,9}|[xX*]))?(?:\.(\d{1,9}|[xX*]))?(?![\w.]*\w)/g),
  ].at(-1);
  if (found === undefined) return undefined;
  const [major = "0", minor = "0", patch = "0"] = found.slice(1).map((part) => part?.replace(/[xX*]/, "0"));
  return parse(`${major}.${minor}.${patch}`) ?? undefined;
}
