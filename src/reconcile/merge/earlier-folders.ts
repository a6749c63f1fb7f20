// A merge may move an environment's folder. Its versions are then compared with those of the previous folder.

import { hasUmbrella } from "../../domain/merge/has-umbrella.ts";
import type { Config, Environment } from "../../domain/model/config/config.ts";
import { CONFIG_FILE } from "../../domain/model/config/config-file.ts";
import type { FolderAt } from "../../domain/model/github/merge.ts";
import type { RepositoryContext } from "../context.ts";
import { contextOf } from "../repository/index/update-index.ts";
import { readExtended } from "../repository/read-extended.ts";
import { renamedBetween } from "../repository/renamed-between.ts";

type Folders = ReadonlyMap<string, FolderAt>;
type Context = RepositoryContext;

interface Touched {
  readonly environments: readonly Environment[];
  /** The commit that the merge started from. */
  readonly commit: string | undefined;
  /** The commit that the merge made. */
  readonly after: string;
}

/**
 * For environments without a folder at that commit: the folder that an earlier merge moved away, or that the config file
 * of that commit names, perhaps for the environment under an earlier name; `before` for all others. No request when each
 * had one.
 */
export async function earlierFolders(before: Folders, touched: Touched, context: Context): Promise<Folders> {
  const { repository, deps } = context;
  const fresh = touched.environments.filter(({ name }) => !hasUmbrella(before.get(name)));
  if (fresh.length === 0) return before;
  const found = new Map([...before, ...(await returnedFolders(fresh, context))]);
  // Only the config on the default branch counts.
  const here = fresh.filter(
    ({ name, branch }) => branch === repository.defaultBranch && !hasUmbrella(found.get(name)),
  );
  const { commit } = touched;
  if (here.length === 0 || commit === undefined) return found;
  const earlier = await namedThere(here, { commit, after: touched.after }, context);
  if (earlier.length === 0) return found;
  return new Map([...found, ...(await deps.github.in(repository).foldersAt(commit, earlier))]);
}

/** Folders that an earlier merge moved away and that are back. */
async function returnedFolders(
  fresh: readonly Environment[],
  { repository, deps }: Context,
): Promise<Folders> {
  const { folderless = [] } = (await deps.store.repositories.index(repository.id)) ?? {};
  const found = new Map<string, FolderAt>();
  for (const { environment: name, path, before } of folderless) {
    if (before === undefined || !fresh.some((one) => one.name === name)) continue;
    const folders = await deps.github.in(repository).foldersAt(before, [{ name, path }]);
    for (const [environment, folder] of folders) found.set(environment, folder);
  }
  return found;
}

/** Environments with the folders that the config file of the commit names. */
async function namedThere(
  here: readonly Environment[],
  { commit, after }: { readonly commit: string; readonly after: string },
  context: Context,
): Promise<readonly Environment[]> {
  const { repository, config: now } = context;
  const config = await configAt(commit, context);
  if (!config) return [];
  const names = new Set(here.map(({ name }) => name));
  const same = config.environments.filter(({ name }) => names.has(name));
  const { defaultBranch: branch } = repository;
  const between = { before: config, now, branch, commitBefore: () => commit, after };
  const renamed = await renamedBetween(between, context);
  return [...same, ...[...renamed].flatMap(([name, one]) => (names.has(name) ? [{ ...one, name }] : []))];
}

/** `undefined` when there is none, or it cannot be read. */
async function configAt(commit: string, { repository, deps }: Context): Promise<Config | undefined> {
  const found = await deps.github.in(repository).textsAt({ commits: [commit], paths: [CONFIG_FILE] });
  const text = found.get(commit)?.get(CONFIG_FILE);
  if (text === undefined) return undefined;
  const answer = { config: { oid: "", text } };
  const extended = await readExtended({ repository, index: undefined, answer, refresh: false }, deps);
  const context = { ...contextOf(repository, deps), ...extended };
  const parsed = await deps.decisions.decide(repository.owner, "parseConfig", text, context);
  return parsed.ok ? parsed.value : undefined;
}
