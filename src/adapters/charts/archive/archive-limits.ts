// Size limits for charts. Helm charts have some hundred kilobytes; nothing larger is deployed in practice.

import { BULKY } from "../http/request.ts";

const MEBIBYTE = 1024 * 1024;

export interface ArchiveLimits {
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  /** Of each file, unpacked. */
  readonly fileBytes: number;
  /** Of Chart.yaml and requirements.yaml, which are parsed. */
  readonly metadataBytes: number;
  /** Number of files, folders and other entries, including extension headers (PAX). */
  readonly entries: number;
  /** Size of an extension header. */
  readonly extensionBytes: number;
  /** Depth of a path in the chart's folder. */
  readonly depth: number;
  /** Length of a path, as in Linux (PATH_MAX). */
  readonly pathLength: number;
}

/** Helm does not open a chart with more in it, or with a larger file (pkg/chart/v2/loader/archive/archive.go). */
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

/** For a packed chart or its provenance: digest and signature cover the bytes that Helm would save. */
export const ARCHIVE_REQUEST = {
  timeoutMs: BULKY.timeoutMs,
  maxBytes: ARCHIVE_LIMITS.packedBytes,
  body: "as-sent",
} as const;
