// One run reads GitHub again where what it read was not what it needed, a few times.

import type { ConfigRepository } from "../domain/model/github/repository.ts";

/** What takes more rounds than this is left to the queue's retry. */
const ROUNDS = 6;

/** Runs rounds until one has a result; throws when none of them has. */
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
