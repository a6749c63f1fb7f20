// A merge may move an environment's folder. Its versions are then compared with those of the previous folder.

import { hasUmbrella } from "../../domain/merge/has-umbrella.ts";
import { renamedEnvironments } from "../../domain/merge/renamed-environments.ts";
import type { Config, Environment } from "../../domain/model/config/config.ts";
import { CONFIG_FILE } from "../../domain/model/config/config-file.ts";
import type { FolderAt } from "../../domain/model/github/merge.ts";
import type { RepositoryContext } from "../context.ts";
import { contextOf } from "../repository/index/update-index.ts";
import { readExtended } from "../repository/read-extended.ts";

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
 * For environments without a folder at that commit: the folder that the config file of that commit names, perhaps for
 * the environment under an earlier name; `before` for all others. No request when each had one; otherwise one, a second
 * when the config names any, and a third for another name.
 */
export async function earlierFolders(
  before: Folders,
  { environments, commit, after }: Touched,
  context: Context,
): Promise<Folders> {
  const { repository, deps } = context;
  const fresh = environments.filter(({ name }) => !hasUmbrella(before.get(name)));
  // Only the config on the default branch counts.
  const here = fresh.filter(({ branch }) => branch === repository.defaultBranch);
  if (here.length === 0 || commit === undefined) return before;
  const config = await configAt(commit, context);
  if (!config) return before;
  const names = new Set(here.map(({ name }) => name));
  const same = config.environments.filter(({ name }) => names.has(name));
  const earlier = [...same, ...(await renamedThere(here, config, { commit: after, ...context }))];
  if (earlier.length === 0) return before;
  return new Map([...before, ...(await deps.github.in(repository).foldersAt(commit, earlier))]);
}

/** Environments under a new name whose folder moved, with the folder that they had. No request when no name left the config. */
async function renamedThere(
  here: readonly Environment[],
  before: Config,
  { commit, config: now, repository, deps }: Context & { readonly commit: string },
): Promise<readonly Environment[]> {
  const renamed = renamedEnvironments(before, now);
  const candidates = here.flatMap(({ name }) => {
    const earlier = renamed.get(name);
    return earlier ? [{ ...earlier, name }] : [];
  });
  if (candidates.length === 0) return [];
  const kept = await deps.github.in(repository).foldersAt(commit, candidates);
  return candidates.filter(({ name }) => !hasUmbrella(kept.get(name)));
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
