// Cutting: the longest section gives way first, item by item from its end, and says how much is missing.

import { renderSection, type Section } from "./section.ts";

/** GitHub refuses a longer body: "body is too long (maximum is 65536 characters)". */
export const BODY_LIMIT = 65_536;

interface Kept {
  section: Section;
  text: string;
}

/** The sections as Markdown, together (with a blank line between them) at most `room` characters, or with no item left. */
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

/** Items first, then the names of items that were left out, and only then what gives way last. */
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

/** Without its last item, and without as many more as one item alone cannot make up for. */
function shorter({ nameCut, ...section }: Section, excess: number): Section {
  const { items, cut = 0 } = section;
  if (items.length === 0) return section;
  const size = items.reduce((sum, item) => sum + item.length, 0) / items.length;
  const count = Math.max(1, Math.min(Math.floor(excess / size / 2), Math.floor(items.length / 2)));
  return { ...section, ...(nameCut && { nameCut }), items: items.slice(0, -count), cut: cut + count };
}
