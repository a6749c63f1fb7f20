// Why the store cannot be opened, worded for the operator.

import type { Problem } from "../../domain/model/problem.ts";

/** Thrown by `openStore` for problems that the operator has to fix. */
export class StoreRefusal extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(`${problem.message} ${problem.help}`, options);
    this.name = "StoreRefusal";
    this.problem = problem;
  }
}
