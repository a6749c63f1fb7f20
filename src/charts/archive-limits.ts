// How large a chart may be. Helm charts are a few hundred kilobytes; what exceeds these is no chart one deploys.

const MEBIBYTE = 1024 * 1024;

export interface ArchiveLimits {
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  /** Files, folders and everything else in it. */
  readonly entries: number;
  /** Parts of a path below the chart's folder. */
  readonly depth: number;
}

export const ARCHIVE_LIMITS: ArchiveLimits = {
  packedBytes: 20 * MEBIBYTE,
  unpackedBytes: 100 * MEBIBYTE,
  entries: 10_000,
  depth: 32,
};
