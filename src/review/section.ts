// Parts of the pull request text, as they are before they are cut to size and joined.

/** A part that may be cut: its items can be left out from the end. */
export interface Section {
  /** Markdown of ours, in one line; what a folded section shows. */
  readonly title: string;
  /** Further words beside the title, such as how many there are; Markdown of ours without anything hostile. */
  readonly summary?: string;
  readonly shown: "open" | "folded";
  /** Stands in front of the items and is never cut: the head of a table, a sentence. */
  readonly lead?: string;
  readonly items: readonly string[];
  /** What an item is called when some are left out: "resources", "changes". */
  readonly unit: string;
  /** Between two items: rows and list items follow each other, paragraphs have a blank line. */
  readonly join: "\n" | "\n\n";
  /** How many items were left out. */
  readonly cut?: number;
}

export function renderSection(section: Section): string {
  const { title, summary, shown, lead, items, unit, join, cut = 0 } = section;
  const note =
    cut === 0
      ? []
      : [`_${cut} ${items.length === 0 ? "" : "more "}${unit} left out here: GitHub takes no longer text._`];
  const blocks = [items.join(join), ...note].filter((block) => block !== "");
  const content =
    lead === undefined
      ? blocks
      : join === "\n" && lead.startsWith("|")
        ? [`${lead}\n${blocks[0] ?? ""}`.trimEnd(), ...blocks.slice(1)]
        : [lead, ...blocks];
  const body = content.join("\n\n");
  if (shown === "open") return `### ${title}\n\n${body}`;
  const more = summary === undefined ? "" : `: ${summary}`;
  return `<details>\n<summary><b>${title}</b>${more}</summary>\n\n${body}\n\n</details>`;
}
