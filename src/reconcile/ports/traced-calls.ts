// The `traceparent` headers of callers that announced a publish.

export interface TracedCalls {
  /** Keeps that of the first call. */
  keep(publishId: string, traceparent: string): Promise<void>;
  /** By publish id; publishes without a traceparent are left out. */
  of(publishIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}
