// The very version of a chart that somebody asks for.

export interface WantedVersion {
  readonly chart: string;
  readonly version: string;
  /** `sha256:` and 64 hex digits that its archive ought to have, when known. */
  readonly digest?: string;
  /** The answer must not be older than this; some seconds do not matter when absent. */
  readonly since?: Date;
}
