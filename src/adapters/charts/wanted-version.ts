// The version of a chart to look up.

export interface WantedVersion {
  readonly chart: string;
  readonly version: string;
  /** `sha256:` and 64 hex digits that its archive should have, if known. */
  readonly digest?: string;
  /** The answer must not be older than this; absent: a few seconds do not matter. */
  readonly since?: Date;
}
