// How large a chart may be. Helm charts are a few hundred kilobytes; what exceeds these is no chart one deploys.

import { BULKY } from "../http/request.ts";

const MEBIBYTE = 1024 * 1024;

export interface ArchiveLimits {
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  /** Of each file, unpacked. */
  readonly fileBytes: number;
  /** Of Chart.yaml and requirements.yaml, which are parsed. */
  readonly metadataBytes: number;
  /** Files, folders and everything else in it, headers that extend another one (PAX) among them. */
  readonly entries: number;
  /** Of a header that extends another one. */
  readonly extensionBytes: number;
  /** Parts of a path below the chart's folder. */
  readonly depth: number;
  /** Of a path, as Linux has it (PATH_MAX). */
  readonly pathLength: number;
}

/** Helm opens no chart with more in it, or with a larger file (pkg/chart/v2/loader/archive/archive.go). */
export const ARCHIVE_LIMITS: ArchiveLimits = {
  packedBytes: 20 * MEBIBYTE,
  unpackedBytes: 100 * MEBIBYTE,
  fileBytes: 5 * MEBIBYTE,
  metadataBytes: MEBIBYTE,
  entries: 10_000,
  extensionBytes: 64 * 1024,
  depth: 32,
  pathLength: 4096,
};

/** Of a packed chart, or of what is signed with it: digest and signature are of the bytes that Helm would save. */
export const ARCHIVE_REQUEST = {
  timeoutMs: BULKY.timeoutMs,
  maxBytes: ARCHIVE_LIMITS.packedBytes,
  body: "as-sent",
} as const;
