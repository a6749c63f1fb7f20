// Where the time of a publish goes, for those who look at traces: each publish has one, from its announcement to its
// deployment, over all that is done for it at whatever time and by whichever process.

/** What a span says. Never anything secret, nor what others have written. */
export type SpanFacts = Readonly<Record<string, string | number>>;

export interface Tracing {
  /** A part of what is being done; none where that is done for no publish. */
  span<T>(name: string, facts: SpanFacts, work: () => Promise<T>): Promise<T>;
  /**
   * What is done for these publishes: a span in the trace of the first, which links to the others, and one in each of theirs
   * that links to it.
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
