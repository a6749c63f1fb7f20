// The traces of callers that announced a publish, as they said it.

export interface TracedCalls {
  /** Keeps what the first call said. */
  keep(publishId: string, traceparent: string): Promise<void>;
  /** By the publish's id; nothing where no caller said any. */
  of(publishIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}
