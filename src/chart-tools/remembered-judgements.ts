// A cache of recent judgements, so that text and check use the same one.

import type { RenderingJudgement } from "../domain/pull-request-body/judgement.ts";

/** Maximum number of entries, which are small. */
const REMEMBERED = 200;

export class RememberedJudgements {
  /** Oldest first. */
  readonly #known = new Map<string, RenderingJudgement>();

  get(key: string): RenderingJudgement | undefined {
    return this.#known.get(key);
  }

  /** Does not cache unknown results, which may be known next time. */
  add(key: string, judgement: RenderingJudgement): void {
    if (judgement.verdict.kind === "unknown") return;
    this.#known.delete(key);
    this.#known.set(key, judgement);
    const [oldest] = this.#known.keys();
    if (this.#known.size > REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
  }
}
