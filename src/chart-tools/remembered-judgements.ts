// Judgements of the last changes, so that text and check are made from one.

import type { RenderingJudgement } from "../domain/pull-request-body/judgement.ts";

/** They are small. */
const REMEMBERED = 200;

export class RememberedJudgements {
  /** Oldest first. */
  readonly #known = new Map<string, RenderingJudgement>();

  get(key: string): RenderingJudgement | undefined {
    return this.#known.get(key);
  }

  /** What is not known may be known the next time. */
  add(key: string, judgement: RenderingJudgement): void {
    if (judgement.verdict.kind === "unknown") return;
    this.#known.delete(key);
    this.#known.set(key, judgement);
    const [oldest] = this.#known.keys();
    if (this.#known.size > REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
  }
}
