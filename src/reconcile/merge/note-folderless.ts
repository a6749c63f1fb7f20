// A merge may move an environment's folder before the config names the new one. Nothing can be deployed from a folder
// that is gone, so the merge waits for the config.

import { commitBefore } from "../../domain/merge/commit-before.ts";
import type { Environment } from "../../domain/model/config/config.ts";
import type { MergeProof } from "../../domain/model/github/merge.ts";
import type { RepositoryContext } from "../context.ts";
import { changeIndex } from "../repository/index/change-index.ts";

/** `changed`: environments whose folder the merge changed; `touched`: those of them whose folder holds an umbrella chart after it. */
export async function noteFolderless(
  changed: readonly Environment[],
  { proof, touched }: Noted,
  { repository, deps }: RepositoryContext,
): Promise<void> {
  const { folderless = [] } = (await deps.store.repositories.index(repository.id)) ?? {};
  const names = new Set(touched.map(({ name }) => name));
  const left = folderless.filter(({ environment }) => !names.has(environment));
  const since = (proof.mergedAt ?? deps.clock()).toISOString();
  const before = commitBefore(proof);
  const fresh = changed
    .filter(({ name }) => !names.has(name) && left.every(({ environment }) => environment !== name))
    .map(({ name: environment, path }) => ({ environment, path, since, before }));
  if (fresh.length === 0 && left.length === folderless.length) return;
  await changeIndex(repository, { folderless: [...left, ...fresh] }, deps);
}

interface Noted {
  readonly proof: Pick<MergeProof, "mergedAt" | "commits" | "messages">;
  readonly touched: readonly Environment[];
}
