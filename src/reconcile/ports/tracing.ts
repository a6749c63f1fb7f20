// One trace for each publish, from its announcement to its deployment, across all runs and processes.

/** Attributes of a span. Never anything secret, nor texts by outsiders. */
export type SpanFacts = Readonly<Record<string, string | number>>;

export interface Tracing {
  /** A child span of the current work; no span when that is for no publish. */
  span<T>(name: string, facts: SpanFacts, work: () => Promise<T>): Promise<T>;
  /**
   * Runs work for these publishes: one span in the trace of the first, linked to the others, and one in each other
   * trace that links back.
   */
  workFor<T>(
    publishIds: readonly string[],
    about: { readonly name: string; readonly facts: SpanFacts },
    work: () => Promise<T>,
  ): Promise<T>;
}

export const UNTRACED: Tracing = {
  span: (_name, _facts, work) => work(),
  workFor: (_publishIds, _about, work) => work(),
};
