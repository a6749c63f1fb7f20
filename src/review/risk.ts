// Something a reviewer should look at before approving.

export interface Risk {
  /** `danger`: it will fail, lose data or cut somebody off. `warning`: it may be meant, but somebody should say so. */
  readonly level: "danger" | "warning";
  /** Markdown in one line, everything hostile escaped. */
  readonly text: string;
}

const SHOWN = 12;

/** Alerts as GitHub shows them, the dangers first; nothing when there is nothing to look at. */
export function renderRisks(risks: readonly Risk[]): readonly string[] {
  const alerts = [
    { mark: "CAUTION", level: "danger" },
    { mark: "WARNING", level: "warning" },
  ] as const;
  return alerts.flatMap(({ mark, level }) => {
    const lines = [...new Set(risks.filter((risk) => risk.level === level).map(({ text }) => text))];
    if (lines.length === 0) return [];
    const more = lines.length > SHOWN ? [`> - … and ${lines.length - SHOWN} more of this kind.`] : [];
    return [
      [`> [!${mark}]`, ...lines.slice(0, SHOWN).map((line) => `> - ${capitalised(line)}.`), ...more].join(
        "\n",
      ),
    ];
  });
}

function capitalised(line: string): string {
  return line.charAt(0).toUpperCase() + line.slice(1);
}
