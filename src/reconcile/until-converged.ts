// Reads GitHub again within one run, a few times, while the state that was read does not fit what the plan needs.

import type { ConfigRepository } from "../domain/model/github/repository.ts";

/** After this many rounds the run throws, and the queue retries it. */
const ROUNDS = 6;

/** Runs rounds until one returns a result; throws when none does. */
export async function untilConverged<T>(
  { owner, name }: Pick<ConfigRepository, "owner" | "name">,
  round: () => Promise<T | undefined>,
): Promise<T> {
  for (let count = 0; count < ROUNDS; count++) {
    const result = await round();
    if (result !== undefined) return result;
  }
  throw new Error(`${owner}/${name} did not converge in ${ROUNDS} rounds`);
}
