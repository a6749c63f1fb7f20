// A version in a chart repository's listing.

export interface ListedVersion {
  readonly version: string;
  /** `sha256:` and 64 lowercase hex digits; absent when the repository does not say. */
  readonly digest?: string;
  /** Digest of the manifest, in an OCI registry, if it was asked for. */
  readonly manifestDigest?: string;
}
