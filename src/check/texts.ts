// The three places between which a pull request is judged.

import type { Files } from "../model/umbrella.ts";

/** The texts of an environment's folder, by path below it. */
export interface Texts {
  /** Where the pull request began. */
  readonly fork: Files;
  /** At the head of the base branch, now. */
  readonly base: Files;
  readonly head: Files;
}
