// What every version on the way says about itself: the artifacthub.io/changes annotation, else its part of CHANGELOG.md.
// Annotation: https://artifacthub.io/docs/topics/annotations/helm/

import { load } from "js-yaml";
import { compare, parse } from "semver";
import { changelogSections } from "./changelog.ts";
import { clip, code, prose } from "./escape.ts";
import type { ChartFacts, ReleasedVersion } from "./facts.ts";
import type { Section } from "./section.ts";
import { isTree, listAt, textAt } from "./tree.ts";

type Kind = "security" | "removed" | "deprecated" | "changed" | "added" | "fixed" | "other";

interface ReleaseNote {
  readonly kind: Kind;
  readonly description: string;
  /** Addresses as the chart gives them. */
  readonly links: readonly string[];
}

const ORDER: readonly Kind[] = ["security", "removed", "deprecated", "changed", "added", "fixed", "other"];

/** One item for each version, newest first; security fixes of all versions stand before them. */
export function changesSection(facts: ChartFacts, title: string): Section | undefined {
  const changelog =
    facts.after.kind === "opened"
      ? changelogSections(facts.after.archive)
      : new Map<string, readonly string[]>();
  const versions = between(facts);
  const notes = versions.map((version) => ({
    version,
    notes: annotated(version),
    log: changelog.get(plain(version.version)) ?? [],
  }));
  const items = notes.flatMap(({ version, notes: annotation, log }) => versionItem(version, annotation, log));
  if (items.length === 0) return undefined;
  const fixes = notes.flatMap(({ version, notes: found }) =>
    found.kind === "read"
      ? found.notes
          .filter(({ kind }) => kind === "security")
          .map((note) => `- ${code(version.version)}: ${sentence(note)}`)
      : [],
  );
  return {
    title,
    summary: `${items.length} ${items.length === 1 ? "version" : "versions"}${fixes.length === 0 ? "" : `, ${fixes.length} security ${fixes.length === 1 ? "fix" : "fixes"}`}`,
    shown: items.join("").length < 1_500 ? "open" : "folded",
    ...(fixes.length === 0
      ? {}
      : {
          lead: [
            "**Security fixes**\n",
            ...fixes.slice(0, 40),
            ...(fixes.length > 40 ? [`- … and ${fixes.length - 40} more`] : []),
          ].join("\n"),
        }),
    items,
    unit: "versions",
    join: "\n\n",
  };
}

/** Versions in (from, to], newest first, each once. The one promoted is among them even when no list was at hand. */
function between({ between: listed, from, to, after }: ChartFacts): readonly ReleasedVersion[] {
  const promoted =
    after.kind === "opened" && !listed.some(({ version }) => version === to) ? [after.archive.metadata] : [];
  const [low, high] = [parse(from), parse(to)];
  const inside = [...listed, ...promoted].filter(({ version }) => {
    const parsed = parse(version);
    if (version === to || parsed === null) return version === to;
    return high !== null && low !== null && compare(parsed, low) > 0 && compare(parsed, high) <= 0;
  });
  const unique = new Map(inside.map((version) => [version.version, version]));
  return [...unique.values()].sort((a, b) => compare(b.version, a.version));
}

function plain(version: string): string {
  return parse(version)?.version ?? version;
}

type Annotated =
  | { readonly kind: "none" }
  | { readonly kind: "unreadable" }
  | { readonly kind: "read"; readonly notes: readonly ReleaseNote[] };

function annotated({ annotations }: ReleasedVersion): Annotated {
  const annotation = annotations["artifacthub.io/changes"];
  if (annotation === undefined || annotation.trim() === "") return { kind: "none" };
  const notes = parseChanges(annotation);
  return notes === undefined ? { kind: "unreadable" } : { kind: "read", notes };
}

/** Both forms: a list of sentences, or of objects with kind, description and links. `undefined` when it is neither. */
export function parseChanges(annotation: string): readonly ReleaseNote[] | undefined {
  const list = loaded(annotation);
  if (!Array.isArray(list)) return undefined;
  const notes = list.map(noteOf);
  return notes.every((note) => note !== undefined) ? notes : undefined;
}

function loaded(annotation: string): unknown {
  try {
    return annotation.length > 100_000 ? undefined : load(annotation, { json: true, maxAliases: 0 });
  } catch {
    return undefined;
  }
}

function noteOf(item: unknown): ReleaseNote | undefined {
  if (typeof item === "string") return { kind: "other", description: item, links: [] };
  const description = textAt(item, "description");
  if (!isTree(item) || description === "") return undefined;
  const kind = ORDER.find((known) => known === textAt(item, "kind").toLowerCase()) ?? "other";
  return {
    kind,
    description,
    links: listAt(item, "links")
      .map((entry) => textAt(entry, "url"))
      .filter((url) => url !== ""),
  };
}

function versionItem(released: ReleasedVersion, found: Annotated, log: readonly string[]): readonly string[] {
  const lines = found.kind === "read" ? noteLines(found.notes) : log;
  const unreadable =
    found.kind === "unreadable"
      ? [`_Its \`artifacthub.io/changes\` annotation is not a list of changes._`]
      : [];
  if (lines.length + unreadable.length === 0) return [];
  const date = released.created === undefined ? "" : ` · ${released.created.toISOString().slice(0, 10)}`;
  const deprecated = released.deprecated ? " · deprecated" : "";
  const kept = lines.slice(0, 60);
  const more = lines.length > kept.length ? [`_${lines.length - kept.length} more lines left out._`] : [];
  return [
    [`**${code(released.version)}**${date}${deprecated}`, unreadable.join("\n"), kept.join("\n"), ...more]
      .filter((block) => block !== "")
      .join("\n\n"),
  ];
}

/** Without the security fixes, which stand above for all versions together. */
function noteLines(notes: readonly ReleaseNote[]): readonly string[] {
  const others = notes.filter(({ kind }) => kind !== "security");
  if (others.length === 0 && notes.length > 0) return ["Security fixes only."];
  return ORDER.flatMap((kind) => others.filter((note) => note.kind === kind)).map((note) =>
    note.kind === "other" ? `- ${sentence(note)}` : `- **${note.kind}**: ${sentence(note)}`,
  );
}

function sentence({ description, links }: ReleaseNote): string {
  const addresses = links.slice(0, 3).map((url) => code(clip(url, 200)));
  return `${prose(clip(description, 500))}${addresses.length === 0 ? "" : ` (${addresses.join(", ")})`}`;
}
