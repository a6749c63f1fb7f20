// Prints rows as a Markdown table that is also legible in a terminal.

import type { Row } from "./row.ts";

export const HEAD = [
  "| bench | what | against | × [least–most] | one costs | when doubled |",
  "|---|---|---|---|---|---|",
].join("\n");

export function lineOf(bench: string, { what, against, ratio, median, unit, growth }: Row): string {
  const { least, most } = ratio;
  const spread = `**${short(ratio.median)}** [${short(least)}–${short(most)}]`;
  const doubled = growth.map((factor) => `× ${short(factor)}`).join(", ") || "–";
  return `| ${[bench, what, against, spread, `${short(median)} ${unit}`, doubled].join(" | ")} |`;
}

/** Three significant digits; no decimals from a hundred on. */
function short(figure: number): string {
  if (figure >= 100) return Math.round(figure).toLocaleString("en");
  return String(Number(figure.toPrecision(figure < 10 ? 2 : 3)));
}
