// What moves together with the chart: app version, Kubernetes versions, the chart's own dependencies, images.

import type { ChartMetadata } from "../model/archive.ts";
import { code } from "./escape.ts";
import type { ChartFacts } from "./facts.ts";
import type { ImageMove } from "./images.ts";
import type { Section } from "./section.ts";

/** A table row: what, before, after. Absent means that there was, or is, none. */
type Row = readonly [what: string, before: string | undefined, after: string | undefined];

export function movesSection(
  charts: readonly ChartFacts[],
  images: readonly ImageMove[],
): Section | undefined {
  const rows = [...charts.flatMap((chart) => chartRows(chart, charts.length > 1)), ...images.map(imageRow)];
  if (rows.length === 0) return undefined;
  return {
    title: "What else moves",
    shown: "open",
    head: "| | was | will be |\n|---|---|---|",
    items: rows.map(([what, before, after]) => `| ${what} | ${cell(before)} | ${cell(after)} |`),
    unit: "rows",
    join: "\n",
  };
}

function chartRows({ chart, before, after }: ChartFacts, several: boolean): readonly Row[] {
  if (before.kind !== "opened" || after.kind !== "opened") return [];
  const [was, is] = [before.archive.metadata, after.archive.metadata];
  const of = several ? ` of ${code(chart)}` : "";
  const rows: readonly Row[] = [
    [`App version${of}`, was.appVersion, is.appVersion],
    [`Kubernetes${of}`, was.kubeVersion, is.kubeVersion],
    ...dependencyRows(was, is, of),
  ];
  return rows.filter(([, old, now]) => old !== now);
}

function dependencyRows(was: ChartMetadata, is: ChartMetadata, of: string): readonly Row[] {
  const [old, now] = [byKey(was), byKey(is)];
  const keys = [...new Set([...old.keys(), ...now.keys()])];
  return keys.map((key) => [`Dependency ${code(key)}${of}`, old.get(key), now.get(key)]);
}

/** Version by alias or name, with the repository where it differs from the name's usual one. */
function byKey({ dependencies }: ChartMetadata): ReadonlyMap<string, string> {
  return new Map(dependencies.map(({ name, alias, version }) => [alias ?? name, version]));
}

function imageRow({ repository, before, after }: ImageMove): Row {
  return [`Image ${code(repository)}`, listed(before), listed(after)];
}

function listed(tags: readonly string[]): string | undefined {
  return tags.length === 0 ? undefined : tags.join(", ");
}

function cell(value: string | undefined): string {
  return value === undefined || value === "" ? "–" : code(value);
}
