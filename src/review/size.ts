// Cutting: the longest section gives way first, item by item from its end, and says how much is missing.

import { renderSection, type Section } from "./section.ts";

/** GitHub refuses a longer body: "body is too long (maximum is 65536 characters)". */
export const BODY_LIMIT = 65_536;

/** The sections as Markdown, together (with a blank line between them) at most `room` characters, or with no item left. */
export function fit(sections: readonly Section[], room: number): readonly string[] {
  const kept = sections.map((section) => ({ section, text: renderSection(section) }));
  for (;;) {
    const total = kept.reduce((sum, { text }) => sum + text.length + 2, 0);
    const longest = kept
      .filter(({ section }) => section.items.length > 0)
      .sort((a, b) => b.text.length - a.text.length)[0];
    if (total <= room || longest === undefined) return kept.map(({ text }) => text);
    longest.section = shorter(longest.section, total - room);
    longest.text = renderSection(longest.section);
  }
}

/** Without its last item, and without as many more as one item alone cannot make up for. */
function shorter(section: Section, excess: number): Section {
  const { items, cut = 0 } = section;
  const size = items.reduce((sum, item) => sum + item.length, 0) / items.length;
  const count = Math.max(1, Math.min(Math.floor(excess / size / 2), Math.floor(items.length / 2)));
  return { ...section, items: items.slice(0, -count), cut: cut + count };
}
