// Alerts as GitHub shows them: the lines a first look takes, the others folded right below.

import type { Section } from "./section.ts";

export interface Alert {
  readonly mark: "CAUTION" | "WARNING" | "IMPORTANT";
  /** What its lines are called: "dangers". */
  readonly unit: string;
  /** Markdown sentences. */
  readonly lines: readonly string[];
  /** How many of them a first look takes. */
  readonly most: number;
}

export interface AlertSections {
  /** Absent when there are no lines. */
  readonly head?: Section;
  /** The lines that a first look does not take; absent when it takes all. */
  readonly rest?: Section;
}

/** What stands behind a CAUTION is the last that gives way, to the last line. */
export function alertSections({ mark, unit, lines, most }: Alert): AlertSections {
  if (lines.length === 0) return {};
  // A fold for a single line would take as much room as the line.
  const shown = lines.length <= most + 1 ? lines : lines.slice(0, most);
  const rest = lines.slice(shown.length);
  const gives = mark === "CAUTION" ? "last" : "late";
  const more = rest.length === 0 ? [] : [`> - … and ${rest.length} more ${unit}, unfolded below.`];
  const head: Section = {
    shown: "plain",
    title: mark,
    head: `> [!${mark}]`,
    items: [...shown.map((line) => `> - ${line}`), ...more],
    unit,
    join: "\n",
    gives,
  };
  const fold: Section = {
    shown: "folded",
    title: `${rest.length} more ${unit}`,
    items: rest.map((line) => `- ${line}`),
    unit,
    join: "\n",
    ...(gives === "last" && { gives }),
  };
  return rest.length === 0 ? { head } : { head, rest: fold };
}
