// Chart repositories with an index.yaml on a web server (`helm repo index`, chart-releaser, Nexus, Artifactory).

import type { ChartRepository } from "../../../domain/model/config/settings.ts";
import type { ChartVersion, LookUp } from "../chart-version.ts";
import type { Released } from "../version-range.ts";
import type { WantedVersion } from "../wanted-version.ts";
import { type ChartInIndex, SharedIndex } from "./shared-index.ts";

/** The indexes of all repositories, each shared by concurrent look-ups. */
export class Indexes {
  readonly #shared = new WeakMap<ChartRepository, SharedIndex>();

  async lookUp(repository: ChartRepository, wanted: WantedVersion): Promise<LookUp> {
    const read = await this.#of(repository).read(wanted.chart, (had) => isEnough(had, wanted));
    return read.kind === "unreachable" ? read : answerOf(read, find(read, wanted));
  }

  /** For several versions of the chart. */
  async lookUpAll(
    repository: ChartRepository,
    chart: string,
    wanted: readonly WantedVersion[],
  ): Promise<readonly LookUp[]> {
    const read = await this.#of(repository).read(chart, (had) => wanted.every((one) => isEnough(had, one)));
    if (read.kind === "unreachable") return wanted.map(() => read);
    const named = read.versions.filter(({ metadata }) => metadata.name === chart);
    const found = new Map(named.toReversed().map((one) => [one.metadata.version, one]));
    return wanted.map(({ version }) => answerOf(read, found.get(version)));
  }

  async versions(repository: ChartRepository, chart: string): Promise<Released> {
    const read = await this.#of(repository).read(chart, ({ versions }) => versions.length > 0);
    return read.kind === "unreachable"
      ? { versions: [], incomplete: read.problem.message }
      : { versions: read.versions };
  }

  #of(repository: ChartRepository): SharedIndex {
    const shared = this.#shared.get(repository) ?? new SharedIndex(repository);
    this.#shared.set(repository, shared);
    return shared;
  }
}

function answerOf(
  { versions, requested, unsupported }: ChartInIndex,
  found: ChartVersion | undefined,
): LookUp {
  if (found !== undefined) return { kind: "found", ...found };
  const listed = versions.length === 0 ? "no such chart" : `${versions.length} other versions`;
  return { kind: "missing", requested: [`${requested} lists ${listed}`, ...unsupported].join("; ") };
}

/** A cached answer must not say that a version is missing, or has another digest, or be older than the announcement. */
function isEnough(had: ChartInIndex, wanted: WantedVersion): boolean {
  const found = find(had, wanted);
  if (found === undefined) return false;
  if (wanted.digest !== undefined) return found.digest === wanted.digest;
  return wanted.since === undefined || had.begun >= wanted.since;
}

function find({ versions }: ChartInIndex, { chart, version }: WantedVersion): ChartVersion | undefined {
  return versions.find(({ metadata }) => metadata.name === chart && metadata.version === version);
}
