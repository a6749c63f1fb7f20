// Other versions that change with the chart: app version, Kubernetes constraint, its own dependencies, images.

import type { Archive } from "../../model/chart/archive.ts";
import { valuesKey } from "../../model/umbrella.ts";
import type { ChartFacts } from "../facts.ts";
import type { ImageMove } from "../manifests/pod/images.ts";
import { code, digestCode } from "../markdown/escape.ts";
import type { Section } from "../markdown/section.ts";
import { heldVersions } from "./held-versions.ts";

/** A table row: what, before, after. Absent: there was, or is, none. */
type Row = readonly [what: string, before: string | undefined, after: string | undefined];

export function movesSection(
  charts: readonly ChartFacts[],
  images: readonly ImageMove[],
): Section | undefined {
  const rows = [...charts.flatMap((chart) => chartRows(chart, charts.length > 1)), ...images.map(imageRow)];
  if (rows.length === 0) return undefined;
  return {
    title: "What else moves",
    summary: String(rows.length),
    shown: "folded",
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
    ...dependencyRows(before.archive, after.archive, of),
  ];
  return rows.filter(([, old, now]) => old !== now);
}

function dependencyRows(was: Archive, is: Archive, of: string): readonly Row[] {
  const [old, now] = [versionsOf(was), versionsOf(is)];
  const keys = [...new Set([...old.keys(), ...now.keys()])];
  return keys.map((key) => [`Dependency ${code(key)}${of}`, old.get(key), now.get(key)]);
}

/**
 * By alias or name: the versions in `charts/`, else those in Chart.yaml; and charts in `charts/` that Chart.yaml does
 * not list.
 */
function versionsOf(archive: Archive): ReadonlyMap<string, string> {
  const held = heldVersions(archive);
  const { dependencies } = archive.metadata;
  const named = new Set(dependencies.map(({ name }) => name));
  return new Map([
    ...dependencies.map(
      (entry) => [valuesKey(entry), held.get(entry.name)?.join(", ") ?? entry.version] as const,
    ),
    ...[...held]
      .filter(([name]) => !named.has(name))
      .map(([name, versions]) => [name, versions.join(", ")] as const),
  ]);
}

function imageRow({ repository, before, after }: ImageMove): Row {
  return [`Image ${code(repository)}`, listed(before), listed(after)];
}

function listed(tags: readonly string[]): string | undefined {
  return tags.length === 0 ? undefined : tags.join(", ");
}

function cell(value: string | undefined): string {
  return value === undefined || value === "" ? "–" : digestCode(value);
}
