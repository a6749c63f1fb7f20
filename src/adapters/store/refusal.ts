// Why a store does not open, worded for the operator.

import type { Problem } from "../../domain/model/problem.ts";

/** Thrown by `openStore` when what is wrong is for the operator to put right. */
export class StoreRefusal extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(`${problem.message} ${problem.help}`, options);
    this.name = "StoreRefusal";
    this.problem = problem;
  }
}
