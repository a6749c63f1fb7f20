// The versions of a chart in a registry between a promotion's two versions, with metadata, in few requests.

import type { ChartRepository } from "../../../domain/model/config/settings.ts";
import { compareVersions, parseVersion } from "../../../domain/versions/version.ts";
import { type ChartVersion, parseMetadata } from "../chart-version.ts";
import { isInRange, type Released, type VersionRange } from "../version-range.ts";
import type { OciCharts } from "./oci-charts.ts";
import { readTags } from "./oci-tags.ts";

/** Keeps one promotion below thirty requests in total, even with retries. */
const MOST_REQUESTS = 14;
const MOST_PAGES = 5;

/** The newest versions with their metadata; the others without. */
export async function readReleases(
  repository: ChartRepository,
  range: VersionRange,
  charts: OciCharts,
): Promise<Released> {
  const { chart } = range;
  const tags = await readTags(repository, charts.registry(repository, chart), MOST_PAGES);
  if (tags.kind === "unreachable") return { versions: [], incomplete: tags.problem.message };
  const passed = tags.versions.filter((version) => isInRange(version, range)).toSorted(newestFirst);
  const { read, incomplete } = await readNewest(passed, (version) =>
    charts.releaseOf({ repository, chart }, version),
  );
  const versions = passed.flatMap((version) => read.get(version) ?? silent(chart, version));
  const beyond = `the registry lists more tags than the ${tags.versions.length} that were read`;
  const because = incomplete ?? (tags.isWhole ? undefined : beyond);
  return { versions, ...(because !== undefined && { incomplete: because }) };
}

interface Read {
  readonly read: ReadonlyMap<string, ChartVersion>;
  readonly incomplete?: string;
}

async function readNewest(
  passed: readonly string[],
  read: (version: string) => ReturnType<OciCharts["releaseOf"]>,
): Promise<Read> {
  const found = new Map<string, ChartVersion>();
  let requests = 0;
  for (const version of passed) {
    if (requests >= MOST_REQUESTS)
      return { read: found, incomplete: `only the newest ${found.size} are read` };
    const answer = await read(version);
    if ("kind" in answer && answer.kind === "unreachable")
      return { read: found, incomplete: answer.problem.message };
    // A manifest, and the chart's config as well when the manifest has no annotations.
    requests += "metadata" in answer && answer.metadata.annotations[TITLE] === undefined ? 2 : 1;
    if ("metadata" in answer) found.set(version, answer);
  }
  return { read: found };
}

const TITLE = "org.opencontainers.image.title";

function silent(chart: string, version: string): readonly ChartVersion[] {
  const metadata = parseMetadata({ name: chart, version });
  return metadata === undefined ? [] : [{ metadata, urls: [] }];
}

function newestFirst(one: string, other: string): number {
  const [a, b] = [parseVersion(one), parseVersion(other)];
  return a && b ? compareVersions(b, a) : 0;
}
