// What every version on the way says about itself: its artifacthub.io/changes annotation, else its part of CHANGELOG.md.

import { parse } from "semver";
import { changelogSections } from "./changelog.ts";
import { clip, code, prose } from "./escape.ts";
import type { ChartFacts, ReleasedVersion } from "./facts.ts";
import { KINDS, type ReleaseNote, type ReleaseNotes, readReleaseNotes } from "./release-note.ts";
import type { Section } from "./section.ts";
import { versionsBetween } from "./versions-between.ts";

interface Release {
  readonly version: ReleasedVersion;
  readonly notes: ReleaseNotes;
  /** Lines of CHANGELOG.md, escaped already. */
  readonly log: readonly string[];
}

/** One item for each version, newest first; the security fixes of all versions stand before them. */
export function changesSection(facts: ChartFacts, title: string): Section | undefined {
  const changelog = facts.after.kind === "opened" ? changelogSections(facts.after.archive) : undefined;
  const releases = versionsBetween(facts).map((version) => ({
    version,
    notes: readReleaseNotes(version.annotations["artifacthub.io/changes"]),
    log: changelog?.get(parse(version.version)?.version ?? version.version) ?? [],
  }));
  const items = releases.flatMap(renderRelease);
  if (items.length === 0) return undefined;
  const fixes = releases.flatMap(securityFixes);
  return {
    title,
    summary: [
      counted(items.length, "version", "versions"),
      ...(fixes.length === 0 ? [] : [counted(fixes.length, "security fix", "security fixes")]),
    ].join(", "),
    shown: items.join("").length < 1_500 ? "open" : "folded",
    items: [...(fixes.length === 0 ? [] : [renderFixes(fixes)]), ...items],
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
  const more = lines.length > MOST_LINES ? [`_${lines.length - MOST_LINES} more lines left out._`] : [];
  return [
    [heading(version), ...unreadable, lines.slice(0, MOST_LINES).join("\n"), ...more]
      .filter((block) => block !== "")
      .join("\n\n"),
  ];
}

function heading({ version, created, deprecated }: ReleasedVersion): string {
  const date = created === undefined ? "" : ` · ${created.toISOString().slice(0, 10)}`;
  return `**${code(version)}**${date}${deprecated ? " · deprecated" : ""}`;
}

/** Without the security fixes, which stand above for all versions together. */
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
