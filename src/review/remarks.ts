// What else a reviewer should know in a line each: decisions of the edit, policy, versions on the way, other environments.

import { clip, code, prose, text } from "./escape.ts";
import type { ChartFacts, ReviewFacts } from "./facts.ts";

/** List items of Markdown. */
export function remarks(facts: ReviewFacts): readonly string[] {
  const sentences = [...facts.notes, ...facts.policy.satisfied].map((sentence) => prose(clip(sentence, 500)));
  const several = facts.charts.length > 1;
  return [
    ...sentences,
    ...facts.charts.flatMap((chart) => aboutChart(chart, several ? ` of ${code(chart.chart)}` : "")),
  ].map((line) => `- ${line}`);
}

function aboutChart(chart: ChartFacts, of: string): readonly string[] {
  return [...opening(chart, of), ...onTheWay(chart, of), ...elsewhere(chart, of)];
}

function opening({ before, after }: ChartFacts, of: string): readonly string[] {
  const missing = [
    ...(before.kind === "missing"
      ? [`The archive of the present version${of} could not be read: ${text(clip(before.because, 500))}`]
      : []),
    ...(after.kind === "missing"
      ? [`The archive of the new version${of} could not be read: ${text(clip(after.because, 500))}`]
      : []),
  ];
  return missing.length === 0 ? [] : [...missing, `Default values${of} are not compared.`];
}

function onTheWay({ superseded, between, from, to }: ChartFacts, of: string): readonly string[] {
  const skipped = between
    .map(({ version }) => version)
    .filter((version) => version !== to && version !== from && !superseded.includes(version));
  return [
    ...(superseded.length === 0
      ? []
      : [`Takes the place of ${versions(superseded)}${of}, proposed here before.`]),
    ...(skipped.length === 0 ? [] : [`Passes over ${versions(skipped)}${of}.`]),
  ];
}

function versions(list: readonly string[]): string {
  const shown = list.slice(0, 10).map((version) => code(clip(version, 60)));
  return shown.join(", ") + (list.length > shown.length ? ` and ${list.length - shown.length} more` : "");
}

/** "Elsewhere: `2.0.0` runs in `dev` and `staging`, `1.0.4` in `eu`." */
function elsewhere({ elsewhere: others }: ChartFacts, of: string): readonly string[] {
  if (others.length === 0) return [];
  const groups = [...Map.groupBy(others, ({ version }) => version)].slice(0, 8);
  const parts = groups.map(
    ([version, list]) =>
      `${code(clip(version, 60))} in ${list
        .slice(0, 8)
        .map(({ environment }) => code(clip(environment, 100)))
        .join(", ")}`,
  );
  return [`Elsewhere${of}: ${parts.join("; ")}.`];
}
