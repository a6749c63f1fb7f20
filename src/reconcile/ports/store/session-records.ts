// Dashboard sessions, shared by all replicas. A session is encrypted with a key derived from the browser's cookie and
// the App's client secret.

export interface SessionRecord {
  /** SHA-256 of the session's id. */
  readonly key: string;
  readonly sealed: string;
  readonly endsAt: Date;
}

export interface SessionRecords {
  /** Also deletes expired sessions. */
  begin(session: SessionRecord): Promise<void>;
  /** `undefined` for an expired session. */
  get(key: string): Promise<SessionRecord | undefined>;
  /** Compare-and-swap: false when it is not `from` any more, or the session was ended. */
  replace(key: string, from: string, to: string): Promise<boolean>;
  end(key: string): Promise<void>;
}
