// Parts of the pull request text, as they are before they are cut to size and joined.

/** A part that may be cut: its items can be left out from the end. All of it is Markdown of ours. */
export interface Section {
  /** `plain` sections have no title; `folded` ones show their title and summary only. */
  readonly shown: "plain" | "open" | "folded";
  /** In one line. */
  readonly title: string;
  /** Further words beside a folded title, such as how many there are. */
  readonly summary?: string;
  /** A paragraph in front of the items. */
  readonly lead?: string;
  /** Lines directly above the first item, without which the items make no sense: a table's head, an alert's mark. */
  readonly head?: string;
  readonly items: readonly string[];
  /** What items are called when some are left out: "resources", "changes". */
  readonly unit: string;
  /** Between two items: rows and list items follow each other, paragraphs have a blank line. */
  readonly join: "\n" | "\n\n";
  /** How many items were left out. */
  readonly cut?: number;
  /** Names what was left out (the last `cut` of all items) in a paragraph or two; absent where the number is enough. */
  readonly nameCut?: (cut: number) => string;
  /** `late`: it gives way only when the sections without this have given all they have; `last`: after those. */
  readonly gives?: "late" | "last";
}

/** The same section with every text of it made another. */
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
