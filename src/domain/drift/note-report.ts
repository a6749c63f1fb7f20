// Merges a deployer's report into its previous one: since when each resource drifts, and in how many reports.

import type { DriftedResource, DriftReport } from "../model/drift.ts";

export interface ReportedDrift {
  readonly deployer: string;
  readonly deploymentId: number;
  readonly resources: readonly DriftedResource[];
}

/**
 * The report to keep. A report with the same content less than half an interval after the previous one counts as a
 * duplicate. A report about another deployment starts all counts anew.
 */
export function noteReport(
  known: DriftReport | undefined,
  report: ReportedDrift,
  { at, everyMs }: { readonly at: Date; readonly everyMs: number },
): DriftReport {
  const before = known?.deploymentId === report.deploymentId ? known : undefined;
  const counts =
    !before || isAnew(before, report) || at.getTime() - before.countedAt.getTime() >= everyMs / 2;
  const earlier = new Map(before?.resources.map((one) => [keyOf(one), one]));
  const resources = report.resources.map((one) => {
    const past = earlier.get(keyOf(one));
    return { ...one, since: past?.since ?? at, seen: (past?.seen ?? 0) + (counts || !past ? 1 : 0) };
  });
  return { ...report, resources, reportedAt: at, countedAt: counts ? at : (before?.countedAt ?? at) };
}

function isAnew({ resources }: DriftReport, report: ReportedDrift): boolean {
  const facts = (all: readonly DriftedResource[]) =>
    all
      .map(({ kind, namespace, name, change, fields, manager }) =>
        JSON.stringify([kind, namespace, name, change, fields, manager]),
      )
      .toSorted()
      .join("\n");
  return facts(resources) !== facts(report.resources);
}

function keyOf({ kind, namespace, name }: DriftedResource): string {
  return JSON.stringify([kind, namespace, name]);
}
