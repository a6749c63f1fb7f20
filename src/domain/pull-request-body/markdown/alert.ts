// GitHub alerts: the most important lines are visible, the others are folded below.

import type { Section } from "./section.ts";

export interface Alert {
  readonly mark: "CAUTION" | "WARNING" | "IMPORTANT";
  /** What its lines are called, in the plural: "dangers". */
  readonly unit: string;
  /** Markdown sentences. */
  readonly lines: readonly string[];
  /** How many of them are visible. */
  readonly most: number;
}

export interface AlertSections {
  /** Absent when there are no lines. */
  readonly head?: Section;
  /** The folded lines; absent when all are visible. */
  readonly rest?: Section;
}

/** The rest of a CAUTION is shortened last of all, and completely if necessary. */
export function alertSections({ mark, unit, lines, most }: Alert): AlertSections {
  if (lines.length === 0) return {};
  // Folding a single line would take as much space as the line.
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
