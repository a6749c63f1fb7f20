// A reviewer who merges open promotions now and then.

import { Refusal } from "../../../src/sandbox/github/world/refusal.ts";
import { pause } from "./replica.ts";
import { PERSON, REPOSITORIES, type Surroundings } from "./surroundings.ts";

export interface Habit {
  /** Milliseconds between two merges. */
  readonly pauses: Iterator<number, never>;
  /** Which of the open ones. */
  readonly picks: Iterator<number, never>;
}

/** Merges until told to stop. */
export async function mergeNowAndThen(
  { github }: Pick<Surroundings, "github">,
  { pauses, picks }: Habit,
  signal: AbortSignal,
): Promise<void> {
  const person = github.as(PERSON);
  while (await pause(pauses.next().value, signal)) {
    const open = REPOSITORIES.flatMap((name) =>
      github
        .repository(name)
        .pulls()
        .flatMap(({ state, number }) => (state === "open" ? { name, number } : [])),
    );
    const picked = open[picks.next().value % open.length];
    try {
      if (picked) person.merge(picked.name, picked.number);
    } catch (error) {
      // What conflicts cannot be merged until it is rebuilt.
      if (!(error instanceof Refusal)) throw error;
    }
  }
}
