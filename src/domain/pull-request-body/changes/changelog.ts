// Splits the CHANGELOG.md of a chart's archive by version (https://keepachangelog.com and its many relatives).

import { parse } from "semver";
import type { Archive } from "../../model/chart/archive.ts";
import { safeLines } from "./markdown-lines.ts";

const LONGEST = 1_000_000;

/** Safe Markdown lines by version (without a leading `v`); empty when there is no such file. */
export function changelogSections({ files }: Pick<Archive, "files">): ReadonlyMap<string, readonly string[]> {
  const path = [...files.keys()].find((name) => /^changelog(\.md|\.txt)?$/i.test(name));
  const bytes = path === undefined ? undefined : files.get(path);
  if (bytes === undefined) return new Map();
  return sectionsOf(new TextDecoder().decode(bytes.subarray(0, LONGEST)));
}

function sectionsOf(changelog: string): ReadonlyMap<string, readonly string[]> {
  const sections = new Map<string, string[]>();
  let current: string[] | undefined;
  let level = 0;
  for (const line of changelog.split(/\r?\n/)) {
    const heading = /^(#{1,6})\s(.*)/.exec(line);
    const version = heading?.[2] === undefined ? undefined : versionIn(heading[2]);
    const depth = heading?.[1]?.length ?? 0;
    if (version !== undefined) {
      current = sections.has(version) ? [] : startSection(sections, version);
      level = depth;
    } else if (depth > 0 && depth <= level) current = undefined;
    else current?.push(line);
  }
  return new Map([...sections].map(([version, lines]) => [version, safeLines(lines)]));
}

function startSection(sections: Map<string, string[]>, version: string): string[] {
  const lines: string[] = [];
  sections.set(version, lines);
  return lines;
}

/** The version that a heading names first: `[1.2.0] - 2026-01-02`, `v1.2.0 (2026-01-02)`, `chart-1.2.0`. */
function versionIn(heading: string): string | undefined {
  const found = /(?<![\d.])v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)/.exec(heading);
  return found?.[1] === undefined ? undefined : parse(found[1])?.version;
}
