// A merge may move an environment's folder. Its versions are then compared with those of the previous folder.

import type { Config, Environment } from "../../domain/model/config/config.ts";
import { CONFIG_FILE } from "../../domain/model/config/config-file.ts";
import type { FolderAt } from "../../domain/model/github/merge.ts";
import type { RepositoryContext } from "../context.ts";
import { contextOf } from "../repository/index/update-index.ts";
import { readExtended } from "../repository/read-extended.ts";

type Folders = ReadonlyMap<string, FolderAt>;
type Context = Pick<RepositoryContext, "repository" | "deps">;

interface Touched {
  readonly environments: readonly Environment[];
  /** The commit that the merge started from. */
  readonly commit: string | undefined;
}

/**
 * For environments without a folder at that commit: the folder that the config file of that commit names; `before` for
 * all others. No request when each had one; otherwise one, and a second when the config names any.
 */
export async function earlierFolders(
  before: Folders,
  { environments, commit }: Touched,
  context: Context,
): Promise<Folders> {
  const { repository, deps } = context;
  const fresh = environments.filter(({ name }) => before.get(name)?.tree === undefined);
  // Only the config on the default branch counts.
  const here = fresh.filter(({ branch }) => branch === repository.defaultBranch);
  if (here.length === 0 || commit === undefined) return before;
  const config = await configAt(commit, context);
  const names = new Set(here.map(({ name }) => name));
  const earlier = (config?.environments ?? []).filter(({ name }) => names.has(name));
  if (earlier.length === 0) return before;
  return new Map([...before, ...(await deps.github.in(repository).foldersAt(commit, earlier))]);
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
