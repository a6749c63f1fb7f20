// Config repositories, and what was read of each.

import type { ConfigRepository, RepositoryIndex } from "../../../domain/model/github/repository.ts";
import type { ChartKey, PromotionRecord } from "../../../domain/model/publish.ts";

/** `index` is absent until the config was looked for. */
export interface IndexedRepository {
  readonly repository: ConfigRepository;
  readonly index?: RepositoryIndex | undefined;
}

export interface Repositories {
  /** Does nothing and answers the other installation when one, and not `from`, is on record for the repository. */
  put(repository: ConfigRepository, from?: number): Promise<number | undefined>;
  /** Stores the observed owner, name and branch; does nothing when this installation does not cover it any more. */
  renew(repository: ConfigRepository): Promise<void>;
  get(id: number): Promise<ConfigRepository | undefined>;
  withIndex(id: number): Promise<IndexedRepository | undefined>;
  /** `owner/name`; the last one known where it was removed since. */
  namesOf(ids: readonly number[]): Promise<ReadonlyMap<number, string>>;
  findByName(owner: string, name: string): Promise<ConfigRepository | undefined>;
  all(): Promise<readonly ConfigRepository[]>;
  ofInstallation(installationId: number): Promise<readonly ConfigRepository[]>;
  /**
   * Forgets the repository, its index, its deliveries and its routes; publishes and deployments stay on record.
   * `refused` goes on record in the same transaction, except where a promotion is neither proposed nor refused by now.
   * Does nothing and answers false when another installation covers the repository by now.
   */
  remove(
    repository: Pick<ConfigRepository, "id" | "installationId">,
    refused: readonly PromotionRecord[],
  ): Promise<boolean>;
  setIndex(id: number, index: RepositoryIndex): Promise<void>;
  /** Changes some of the index, where there is one; who depends on what stays. */
  changeIndex(id: number, change: Omit<Partial<RepositoryIndex>, "dependents">): Promise<void>;
  index(id: number): Promise<RepositoryIndex | undefined>;
  /** Those whose config has this key in any environment, and perhaps others, in the order of their ids. */
  withKey(
    key: "after" | "drift",
  ): Promise<readonly (IndexedRepository & { readonly index: RepositoryIndex })[]>;
  /** Whether there is one whose config was not looked for yet. */
  isAnyUnread(): Promise<boolean>;
  /** Who depends on this chart. */
  dependents(key: ChartKey): Promise<readonly number[]>;
  /** The charts of this chart repository that anybody depends on, in alphabetical order. */
  chartsFrom(chartRepository: string): Promise<readonly string[]>;
}
