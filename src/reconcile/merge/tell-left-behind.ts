// A promotion was merged, and its environment left the config before anything was deployed: its pull request says so.

import { leftBehind } from "../../domain/deployment/describe.ts";
import type { Config } from "../../domain/model/config/config.ts";
import { isPromotionBranch, placeOfBranch } from "../../domain/plan/promotion-branch.ts";
import type { RepositoryContext } from "../context.ts";
import { unlessRefused } from "../ports/github/github-refusal.ts";

/** The environment of the promotion branch, when it is not in the config. */
export function environmentLeft(
  headBranch: string | undefined,
  { environments }: Pick<Config, "environments">,
): string | undefined {
  if (headBranch === undefined || !isPromotionBranch(headBranch)) return undefined;
  const { environment } = placeOfBranch(headBranch);
  return environments.some(({ name }) => name === environment) ? undefined : environment;
}

/** Says nothing when it was deployed elsewhere: after the loss of the database, nobody knows that `dev` is `next` now. */
export async function tellLeftBehind(
  { number, environment }: { readonly number: number; readonly environment: string },
  { repository, config, deps }: RepositoryContext,
): Promise<void> {
  const here = new Set(config.environments.map(({ name }) => name));
  const all = await deps.store.deployments.ofPullRequest(repository.id, number);
  if (all.some((one) => here.has(one.environment))) return;
  const comment = leftBehind(environment, deps.clock());
  await unlessRefused(() => deps.github.in(repository).ensureComment(number, comment), deps);
}
