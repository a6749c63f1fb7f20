// CHANGELOG.md of a chart's archive, taken apart by version (https://keepachangelog.com and its many relatives).

import { parse } from "semver";
import type { Archive } from "../model/archive.ts";
import { clip, prose } from "./escape.ts";

const LONGEST = 1_000_000;

/** Safe Markdown lines by version (without a leading `v`); empty when there is no such file. */
export function changelogSections({ files }: Archive): ReadonlyMap<string, readonly string[]> {
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
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
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

/** Bullets stay bullets, headings become bold words, every other line is joined to the paragraph it belongs to. */
function safeLines(lines: readonly string[]): readonly string[] {
  const safe: string[] = [];
  for (const line of lines) {
    const bullet = /^(\s*)(?:[-*+]|\d{1,9}[.)])\s+(.+)$/.exec(line);
    const heading = /^#{1,6}\s+(.+)$/.exec(line);
    if (bullet?.[2] !== undefined) safe.push(`- ${plain(bullet[2])}`);
    else if (heading?.[1] !== undefined) safe.push("", `**${plain(heading[1])}**`, "");
    else if (line.trim() === "") safe.push("");
    else safe.push(safe.at(-1)?.startsWith("- ") ? `  ${plain(line)}` : plain(line));
  }
  return collapsed(safe);
}

/** The words of a line of Markdown, without its emphasis and without where its links lead. */
function plain(line: string): string {
  const words = clip(line, 500)
    .replace(/!?\[([^[\]]*)\]\([^()\s]*\)/g, "$1")
    .replace(/(\*\*|__)([^*_]+)\1/g, "$2");
  return prose(words);
}

function collapsed(lines: readonly string[]): readonly string[] {
  const kept = lines.filter((line, index) => line !== "" || (index > 0 && lines[index - 1] !== ""));
  return kept.at(-1) === "" ? kept.slice(0, -1) : kept;
}
