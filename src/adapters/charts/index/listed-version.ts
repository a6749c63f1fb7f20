// The data of a version for polling: enough to detect a new version or another archive.

import type { ListedVersion } from "../../../domain/model/chart/listed-version.ts";
import { parseDate, parseDigest, text } from "../chart-version.ts";
import { copyString } from "./copy-string.ts";

/** One version in its index. */
export interface DatedVersion extends ListedVersion {
  /** As written. */
  readonly created?: string;
}

/** A chart with its versions: as objects, a hundred thousand versions take several times the memory of their text. */
export interface ListedChart {
  readonly chart: string;
  /** Its versions, in JSON. */
  readonly packed: string;
}

export function serialise(listed: {
  readonly chart: string;
  readonly versions: readonly DatedVersion[];
}): ListedChart {
  const newest = newestOfEach(
    listed.versions,
    ({ version }) => version,
    ({ created }) => parseDate(created),
  );
  const versions = newest.map(({ version, digest }) => ({ version, digest }));
  return { chart: listed.chart, packed: JSON.stringify(versions) };
}

/** In the order of the index. */
export function deserialise({ packed }: ListedChart): readonly ListedVersion[] {
  return JSON.parse(packed);
}

/** `undefined` when the entry has no name or version. */
export function parseListed(entry: unknown): DatedVersion | undefined {
  const { name, version, digest, created } = Object(entry);
  const listed = text(version);
  if (text(name) === undefined || listed === undefined) return undefined;
  return datedVersion(listed, { digest: text(digest), created: text(created) });
}

/** From strings, which may be substrings of larger ones. */
export function datedVersion(
  version: string,
  { digest, created }: { readonly digest?: string | undefined; readonly created?: string | undefined },
): DatedVersion {
  const hash = parseDigest(digest);
  return {
    version: copyString(version),
    ...(hash !== undefined && { digest: copyString(hash) }),
    ...(created !== undefined && { created: copyString(created) }),
  };
}

/** ChartMuseum may list one version twice (helm/chartmuseum issue 450): the one created last counts. */
export function newestOfEach<T>(
  entries: readonly T[],
  versionOf: (entry: T) => string,
  createdOf: (entry: T) => Date | undefined,
): readonly T[] {
  const newest = new Map<string, T>();
  const createdAt = (entry: T) => createdOf(entry)?.getTime() ?? 0;
  for (const entry of entries) {
    const known = newest.get(versionOf(entry));
    if (known === undefined || createdAt(entry) > createdAt(known)) newest.set(versionOf(entry), entry);
  }
  return newest.size === entries.length ? entries : [...newest.values()];
}
