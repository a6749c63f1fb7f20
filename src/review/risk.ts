// Something a reviewer should look at before approving.

import type { Section } from "./section.ts";

export interface Risk {
  /** `danger`: it will fail, lose data or let somebody in. `warning`: it may be meant, but somebody should say so. */
  readonly level: "danger" | "warning";
  /** Markdown in one line without a full stop, everything hostile escaped. */
  readonly text: string;
}

/** Alerts as GitHub shows them, the dangers first; nothing when there is nothing to look at. */
export function riskSections(risks: readonly Risk[]): readonly Section[] {
  const texts = (level: Risk["level"]): readonly string[] => [
    ...new Set(risks.filter((risk) => risk.level === level).map(({ text }) => text)),
  ];
  return [
    alert("CAUTION", texts("danger").map(sentence)),
    alert("WARNING", texts("warning").map(sentence)),
  ].filter((section) => section !== undefined);
}

const MOST = 12;

/** An alert of GitHub's with these lines as a list. */
export function alert(
  mark: "CAUTION" | "WARNING" | "IMPORTANT",
  lines: readonly string[],
): Section | undefined {
  if (lines.length === 0) return undefined;
  const more = lines.length > MOST ? [`> - … and ${lines.length - MOST} more of this kind.`] : [];
  return {
    shown: "plain",
    title: mark,
    head: `> [!${mark}]`,
    items: [...lines.slice(0, MOST).map((line) => `> - ${line}`), ...more],
    unit: "points",
    join: "\n",
  };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
