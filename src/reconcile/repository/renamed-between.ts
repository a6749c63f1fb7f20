// Environments that got another name between two configs, perhaps with another folder.

import { renamedInPlace, renamedWithFolder } from "../../domain/merge/renamed-environments.ts";
import type { Config, Environment } from "../../domain/model/config/config.ts";
import type { FolderEntries } from "../../domain/model/github/merge.ts";
import type { ConfigRepository } from "../../domain/model/github/repository.ts";
import type { Deps } from "../context.ts";

interface Between {
  readonly before: Config;
  readonly now: Config;
  /** Only the folders on this branch are compared. */
  readonly branch: string;
  /** A commit at which an environment of the earlier config had its folder; `undefined` when none is known. */
  readonly commitBefore: (environment: Environment) => string | undefined;
  /** The commit that has the new folders. */
  readonly after: string | undefined;
}

/** By new name, the environment of the earlier config. Two requests or more when folders have to be compared. */
export async function renamedBetween(
  { before, now, branch, commitBefore, after }: Between,
  { repository, deps }: { readonly repository: ConfigRepository; readonly deps: Pick<Deps, "github"> },
): Promise<ReadonlyMap<string, Environment>> {
  const { renamed, ...unpaired } = renamedInPlace(before, now);
  const left = unpaired.left.filter((one) => one.branch === branch);
  const come = unpaired.come.filter((one) => one.branch === branch);
  if (left.length === 0 || come.length === 0 || after === undefined) return renamed;
  const github = deps.github.in(repository);
  const entries = new Map<string, FolderEntries>();
  for (const [commit, those] of Map.groupBy(left, commitBefore))
    if (commit !== undefined)
      for (const [name, found] of await github.entriesAt(commit, those)) entries.set(name, found);
  const entriesAfter = await github.entriesAt(after, [...left, ...come]);
  const moved = renamedWithFolder({ left, come }, { before: entries, after: entriesAfter });
  return new Map([...renamed, ...moved]);
}
