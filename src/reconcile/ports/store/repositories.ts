// Config repositories, and the index of each.

import type { ConfigRepository, RepositoryIndex } from "../../../domain/model/github/repository.ts";
import type { ChartKey, PromotionRecord } from "../../../domain/model/publish.ts";

/** `index` is absent until the config file was looked for. */
export interface IndexedRepository {
  readonly repository: ConfigRepository;
  readonly index?: RepositoryIndex | undefined;
}

export interface Repositories {
  /**
   * When the repository is recorded under another installation than `from`: does nothing and returns that installation.
   */
  put(repository: ConfigRepository, from?: number): Promise<number | undefined>;
  /**
   * Stores the observed owner, name and branch; does nothing when this installation does not cover the repository any
   * more.
   */
  renew(repository: ConfigRepository): Promise<void>;
  get(id: number): Promise<ConfigRepository | undefined>;
  withIndex(id: number): Promise<IndexedRepository | undefined>;
  /** `owner/name`; for a removed repository, its last known name. */
  namesOf(ids: readonly number[]): Promise<ReadonlyMap<number, string>>;
  findByName(owner: string, name: string): Promise<ConfigRepository | undefined>;
  all(): Promise<readonly ConfigRepository[]>;
  ofInstallation(installationId: number): Promise<readonly ConfigRepository[]>;
  /**
   * Deletes the repository with its index, deliveries and routes; publishes and deployments stay on record. Records
   * `refused` in the same transaction, except for promotions that are neither proposed nor refused by then. Does
   * nothing and returns false when another installation covers the repository by now.
   */
  remove(
    repository: Pick<ConfigRepository, "id" | "installationId">,
    refused: readonly PromotionRecord[],
  ): Promise<boolean>;
  setIndex(id: number, index: RepositoryIndex): Promise<void>;
  /** Changes parts of the index, if there is one; the dependents stay. */
  changeIndex(id: number, change: Omit<Partial<RepositoryIndex>, "dependents">): Promise<void>;
  index(id: number): Promise<RepositoryIndex | undefined>;
  /** Repositories whose config has this key in any environment (and perhaps some others), ordered by id. */
  withKey(
    key: "after" | "drift",
  ): Promise<readonly (IndexedRepository & { readonly index: RepositoryIndex })[]>;
  /** Whether there is a repository whose config file was not looked for yet. */
  isAnyUnread(): Promise<boolean>;
  /** Ids of the repositories that depend on this chart. */
  dependents(key: ChartKey): Promise<readonly number[]>;
  /** Charts of this chart repository that any config repository depends on, in alphabetical order. */
  chartsFrom(chartRepository: string): Promise<readonly string[]>;
}
