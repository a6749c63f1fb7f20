// Sections of the pull request text, before they are shortened and joined.

/** A section that may be shortened by dropping items from the end. All of it is trusted Markdown. */
export interface Section {
  /** `plain` sections have no title; `folded` ones show their title and summary only. */
  readonly shown: "plain" | "open" | "folded";
  /** One line. */
  readonly title: string;
  /** Added to a folded title, such as the number of items. */
  readonly summary?: string;
  /** A paragraph before the items. */
  readonly lead?: string;
  /** Lines directly above the first item that the items need: a table's head, an alert's mark. */
  readonly head?: string;
  readonly items: readonly string[];
  /** What dropped items are called, in the plural: "resources", "changes". */
  readonly unit: string;
  /** Between two items: one line break for rows and list items, a blank line for paragraphs. */
  readonly join: "\n" | "\n\n";
  /** How many items were dropped. */
  readonly cut?: number;
  /** Names the dropped items (the last `cut` of all) in a paragraph or two; absent when their number is enough. */
  readonly nameCut?: (cut: number) => string;
  /** `late`: shortened only when all sections without this have no items left; `last`: after those. */
  readonly gives?: "late" | "last";
}

/** The same section with every text mapped. */
export function mapSection(section: Section, change: (text: string) => string): Section {
  const { summary, lead, head, nameCut, title, items } = section;
  return {
    ...section,
    title: change(title),
    items: items.map(change),
    ...(summary !== undefined && { summary: change(summary) }),
    ...(lead !== undefined && { lead: change(lead) }),
    ...(head !== undefined && { head: change(head) }),
    ...(nameCut && { nameCut: (cut) => change(nameCut(cut)) }),
  };
}

export function renderSection(section: Section): string {
  const { shown, title, summary } = section;
  const content = contentOf(section);
  switch (shown) {
    case "plain":
      return content;
    case "open":
      return `### ${title}\n\n${content}`;
    case "folded":
      return `<details>\n<summary><b>${title}</b>${summary === undefined ? "" : `: ${summary}`}</summary>\n\n${content}\n\n</details>`;
  }
}

function contentOf(section: Section): string {
  const { lead, head, items, join } = section;
  const listed =
    items.length === 0 ? [] : [[...(head === undefined ? [] : [head]), items.join(join)].join("\n")];
  return [...(lead === undefined ? [] : [lead]), ...listed, ...leftOut(section)].join("\n\n");
}

function leftOut({ items, unit, cut = 0, nameCut }: Section): readonly string[] {
  if (cut === 0) return [];
  const more = items.length === 0 ? "" : "more ";
  const named = nameCut === undefined ? [] : [nameCut(cut)];
  return [`_${cut} ${more}${unit} left out here: GitHub takes no longer text._`, ...named];
}
