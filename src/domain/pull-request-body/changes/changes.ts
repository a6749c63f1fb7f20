// The changes of every version from the old one to the new: from its artifacthub.io/changes annotation, or else its
// part of CHANGELOG.md.

import { parse } from "semver";
import type { ChartFacts, ReleasedVersion } from "../facts.ts";
import { clip, code, prose } from "../markdown/escape.ts";
import type { Section } from "../markdown/section.ts";
import { changelogSections } from "./changelog.ts";
import { chartLinks } from "./chart-links.ts";
import { KINDS, type ReleaseNote, type ReleaseNotes, readReleaseNotes } from "./release-note.ts";
import { upgradeNotes } from "./upgrade-notes.ts";
import { versionsBetween } from "./versions-between.ts";

interface Release {
  readonly version: ReleasedVersion;
  readonly notes: ReleaseNotes;
  /** Lines of CHANGELOG.md, already escaped. */
  readonly log: readonly string[];
}

/** One item for each version, newest first; the security fixes of all versions come before them. */
export function changesSection(facts: ChartFacts, title: string): Section | undefined {
  const changelog = facts.after.kind === "opened" ? changelogSections(facts.after.archive) : undefined;
  const releases = versionsBetween(facts).map((version) => ({
    version,
    notes: readReleaseNotes(version.annotations["artifacthub.io/changes"]),
    log: changelog?.get(parse(version.version)?.version ?? version.version) ?? [],
  }));
  const items = releases.flatMap(renderRelease);
  const upgrades = upgradeNotes(facts).map(({ lines }) => limited(lines).join("\n"));
  const links = chartLinks(facts);
  if (items.length + upgrades.length === 0 && links === undefined) return undefined;
  const fixes = releases.flatMap(securityFixes);
  const counts = [
    ...(items.length === 0 ? [] : [counted(items.length, "version", "versions")]),
    ...(fixes.length === 0 ? [] : [counted(fixes.length, "security fix", "security fixes")]),
    ...(upgrades.length === 0 ? [] : ["notes on upgrading"]),
  ];
  return {
    title,
    summary: counts.length === 0 ? "none, but links" : counts.join(", "),
    shown: "folded",
    ...(links !== undefined && { lead: links }),
    items: [
      ...(fixes.length === 0 ? [] : [renderFixes(fixes)]),
      ...(upgrades.length === 0 ? [] : [["**On upgrading**", ...upgrades].join("\n\n")]),
      ...items,
    ],
    unit: "versions",
    join: "\n\n",
  };
}

function counted(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}

function securityFixes({ version, notes }: Release): readonly string[] {
  const fixes = notes.kind === "read" ? notes.notes.filter(({ kind }) => kind === "security") : [];
  return fixes.map((note) => `- ${code(version.version)}: ${sentence(note)}`);
}

const MOST_FIXES = 30;

function renderFixes(fixes: readonly string[]): string {
  const more = fixes.length > MOST_FIXES ? [`- … and ${fixes.length - MOST_FIXES} more`] : [];
  return ["**Security fixes**\n", ...fixes.slice(0, MOST_FIXES), ...more].join("\n");
}

const MOST_LINES = 60;

function renderRelease({ version, notes, log }: Release): readonly string[] {
  const lines = notes.kind === "read" ? noteLines(notes.notes) : log;
  const unreadable =
    notes.kind === "unreadable"
      ? ["_Its `artifacthub.io/changes` annotation is not a list of changes._"]
      : [];
  if (lines.length + unreadable.length === 0) return [];
  const blocks = [heading(version), ...unreadable, limited(lines).join("\n")];
  return [blocks.filter((block) => block !== "").join("\n\n")];
}

function limited(lines: readonly string[]): readonly string[] {
  const more = lines.length - MOST_LINES;
  return more <= 0 ? lines : [...lines.slice(0, MOST_LINES), "", `_${more} more lines left out._`];
}

function heading({ version, created, deprecated }: ReleasedVersion): string {
  const date = created === undefined ? "" : ` · ${created.toISOString().slice(0, 10)}`;
  return `**${code(version)}**${date}${deprecated ? " · deprecated" : ""}`;
}

/** Without the security fixes, which are listed above for all versions. */
function noteLines(notes: readonly ReleaseNote[]): readonly string[] {
  const others = notes.filter(({ kind }) => kind !== "security");
  if (others.length === 0 && notes.length > 0) return ["Security fixes only."];
  const sorted = KINDS.flatMap((kind) => others.filter((note) => note.kind === kind));
  return sorted.map((note) =>
    note.kind === "other" ? `- ${sentence(note)}` : `- **${note.kind}**: ${sentence(note)}`,
  );
}

function sentence({ description, links }: ReleaseNote): string {
  const addresses = links.slice(0, 3).map((url) => code(clip(url, 200)));
  return prose(clip(description, 500)) + (addresses.length === 0 ? "" : ` (${addresses.join(", ")})`);
}
