// Shortening: the longest section drops items from its end first, and says how many are missing.

import { renderSection, type Section } from "./section.ts";

/** GitHub refuses a longer body: "body is too long (maximum is 65536 characters)". */
export const BODY_LIMIT = 65_536;

interface Kept {
  section: Section;
  text: string;
}

/**
 * The sections as Markdown, joined by blank lines: at most `room` characters in total, unless no item is left to drop.
 */
export function fit(sections: readonly Section[], room: number): readonly string[] {
  const kept = sections.map((section): Kept => ({ section, text: renderSection(section) }));
  for (;;) {
    const total = kept.reduce((sum, { text }) => sum + text.length + 2, 0);
    const next = total <= room ? undefined : givesWay(kept);
    if (next === undefined) return kept.map(({ text }) => text);
    next.section = shorter(next.section, total - room);
    next.text = renderSection(next.section);
  }
}

/** Drops items first, then the names of dropped items, and only then from sections that are shortened late or last. */
function givesWay(kept: readonly Kept[]): Kept | undefined {
  const early = kept.filter(({ section }) => section.gives === undefined);
  const groups = [
    early.filter(({ section }) => section.items.length > 0),
    early.filter(({ section }) => section.nameCut !== undefined),
    kept.filter(({ section }) => section.gives === "late" && section.items.length > 0),
    kept.filter(({ section }) => section.items.length > 0),
  ];
  const able = groups.find((group) => group.length > 0) ?? [];
  return able.toSorted((a, b) => b.text.length - a.text.length)[0];
}

/** Drops the last item, and more when one item alone cannot save the excess. */
function shorter({ nameCut, ...section }: Section, excess: number): Section {
  const { items, cut = 0 } = section;
  if (items.length === 0) return section;
  const size = items.reduce((sum, item) => sum + item.length, 0) / items.length;
  const count = Math.max(1, Math.min(Math.floor(excess / size / 2), Math.floor(items.length / 2)));
  return { ...section, ...(nameCut && { nameCut }), items: items.slice(0, -count), cut: cut + count };
}
