// A version as a chart repository lists it.

export interface ListedVersion {
  readonly version: string;
  /** `sha256:` and 64 lowercase hex digits; absent when the repository does not say. */
  readonly digest?: string;
  /** Of the manifest, in a registry, where it was asked for. */
  readonly manifestDigest?: string;
}
