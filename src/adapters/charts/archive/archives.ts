// Downloads of packed charts, deduplicated by digest: shared by pull request texts, checks and environments.

import type { ChartRepository } from "../../../domain/model/config/settings.ts";
import { ok, type Result } from "../../../domain/model/problem.ts";
import type { ChartSources } from "../chart-sources.ts";
import { archiveCache } from "./archive-cache.ts";
import { type ChartName, type FetchedArchive, fetchArchive } from "./fetch-archive.ts";

const KEPT_BYTES = 32 * 1024 * 1024;

export class Archives {
  readonly #sources: ChartSources;
  readonly #kept = archiveCache(KEPT_BYTES);
  /** Downloads in progress, by repository and digest. */
  readonly #coming = new Map<string, Promise<Result<FetchedArchive>>>();

  constructor(sources: ChartSources) {
    this.#sources = sources;
  }

  /** As fetchArchive; without a digest it is always downloaded, since a repository may replace a version's archive. */
  async fetch(repository: ChartRepository, name: ChartName): Promise<Result<FetchedArchive>> {
    const { digest } = name;
    if (digest === undefined) return this.#fetch(repository, name);
    const packed = this.#kept.get(digest);
    if (packed !== undefined) return ok({ packed, digest });
    const key = `${repository.name} ${digest}`;
    const coming =
      this.#coming.get(key) ?? this.#fetch(repository, name).finally(() => this.#coming.delete(key));
    this.#coming.set(key, coming);
    return coming;
  }

  async #fetch(repository: ChartRepository, name: ChartName): Promise<Result<FetchedArchive>> {
    const fetched = await fetchArchive(repository, name, this.#sources);
    if (fetched.ok) this.#kept.put(fetched.value.digest, fetched.value.packed);
    return fetched;
  }
}
