// Environments that got another name: recognised by their folder, or by being the only one on their branch that left.

import type { Config, Environment } from "../model/config/config.ts";

/**
 * By new name, the environment of the earlier config. If the folder is new as well, only the one environment that left a
 * branch can be the one that came to it; whether its old folder is gone has to be read.
 */
export function renamedEnvironments(
  { environments: before }: Pick<Config, "environments">,
  { environments: now }: Pick<Config, "environments">,
): ReadonlyMap<string, Environment> {
  const gone = without(before, now);
  const fresh = without(now, before);
  const found = new Map<string, Environment>();
  for (const environment of fresh) {
    const there = gone.filter(({ branch }) => branch === environment.branch);
    const sameFolder = there.find(({ path }) => path === environment.path);
    const isOnly = fresh.filter(({ branch }) => branch === environment.branch).length === 1;
    const [only, other] = there;
    const earlier = sameFolder ?? (isOnly && !other ? only : undefined);
    if (earlier) found.set(environment.name, earlier);
  }
  return found;
}

function without(some: readonly Environment[], others: readonly Environment[]): readonly Environment[] {
  return some.filter(({ name }) => others.every((one) => one.name !== name));
}
