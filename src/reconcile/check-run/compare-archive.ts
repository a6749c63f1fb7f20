// Whether an archive committed by a pull request is the one that the chart repository serves. Compares Git blob ids, so
// that only the commit's tree has to be read.

import type { ArchiveFact } from "../../domain/check/facts.ts";
import { archiveName, type CommittedArchive } from "../../domain/check/judge-archives.ts";
import { blobOid } from "../../domain/pull-request/blob-oid.ts";
import type { InspectedEntry } from "./inspect-chart.ts";

export function compareArchive(
  { path, name, oid }: CommittedArchive,
  inspected: readonly InspectedEntry[],
): ArchiveFact {
  const named = inspected.find(({ facts: { entry } }) => archiveName(entry) === name);
  if (!named) return { path, verdict: { kind: "unnamed" } };
  const { after, facts, from } = named;
  if (after.kind === "missing") {
    const isPassing = after.problem?.code === "chart-repository-unreachable";
    return { path, verdict: { kind: "unknown", because: after.because, ...(isPassing && { isPassing }) } };
  }
  if (blobOid(after.bytes) === oid) return { path, verdict: { kind: "same" } };
  const { dependency, to = dependency.version } = facts.entry;
  return { path, verdict: { kind: "differs", chart: `${dependency.name} ${to}`, repository: from } };
}
