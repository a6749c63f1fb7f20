// A chart repository that is an index.yaml on a web server (`helm repo index`, chart-releaser, Nexus, Artifactory).

import type { ChartRepository } from "../../../domain/model/config/settings.ts";
import type { ChartVersion, LookUp } from "../chart-version.ts";
import type { Released } from "../version-range.ts";
import type { WantedVersion } from "../wanted-version.ts";
import { type ChartInIndex, SharedIndex } from "./shared-index.ts";

/** The indexes of all repositories, each shared by those who look things up in it. */
export class Indexes {
  readonly #shared = new WeakMap<ChartRepository, SharedIndex>();

  async lookUp(repository: ChartRepository, wanted: WantedVersion): Promise<LookUp> {
    const read = await this.#of(repository).read(wanted.chart, (had) => isEnough(had, wanted));
    if (read.kind === "unreachable") return read;
    const found = find(read, wanted);
    if (found !== undefined) return { kind: "found", ...found };
    const { versions, asked, odd } = read;
    const listed = versions.length === 0 ? "no such chart" : `${versions.length} other versions`;
    return { kind: "missing", asked: [`${asked} lists ${listed}`, ...odd].join("; ") };
  }

  async versions(repository: ChartRepository, chart: string): Promise<Released> {
    const read = await this.#of(repository).read(chart, ({ versions }) => versions.length > 0);
    return read.kind === "unreachable"
      ? { versions: [], unread: read.problem.message }
      : { versions: read.versions };
  }

  #of(repository: ChartRepository): SharedIndex {
    const shared = this.#shared.get(repository) ?? new SharedIndex(repository);
    this.#shared.set(repository, shared);
    return shared;
  }
}

/** What was had before never says that a version is missing, nor that it has another digest, nor what it was before it was announced. */
function isEnough(had: ChartInIndex, wanted: WantedVersion): boolean {
  const found = find(had, wanted);
  if (found === undefined) return false;
  if (wanted.digest !== undefined) return found.digest === wanted.digest;
  return wanted.since === undefined || had.begun >= wanted.since;
}

function find({ versions }: ChartInIndex, { chart, version }: WantedVersion): ChartVersion | undefined {
  return versions.find(({ metadata }) => metadata.name === chart && metadata.version === version);
}
