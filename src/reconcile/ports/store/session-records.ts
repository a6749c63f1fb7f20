// Who is signed in to the dashboard, so that every replica knows: what is kept cannot be read without the browser's cookie.

export interface SessionRecord {
  /** SHA-256 of the session's id. */
  readonly key: string;
  readonly sealed: string;
  readonly endsAt: Date;
}

export interface SessionRecords {
  /** Forgets what has ended, too. */
  begin(session: SessionRecord): Promise<void>;
  /** `undefined` for one that has ended. */
  get(key: string): Promise<SessionRecord | undefined>;
  /** False where it is not `from` any more: somebody else replaced it, or it was ended. */
  replace(key: string, from: string, to: string): Promise<boolean>;
  end(key: string): Promise<void>;
}
