// Extracts the entries from a parsed index.

import { type BadIndex, badIndex, type IndexLayout } from "./index-content.ts";

export interface ParsedIndex {
  readonly layout: IndexLayout;
  readonly value: unknown;
}

/** Passes every entry to `take`; or returns why the value is no index, without passing any. */
export function takeParsedIndex(
  index: ParsedIndex,
  take: (chart: string, entry: unknown) => void,
): BadIndex | undefined {
  const entries = entriesOf(index);
  if (entries.kind === "bad") return entries;
  for (const [chart, versions] of Object.entries(entries.value))
    for (const version of versions ?? []) take(chart, version);
  return undefined;
}

/** Null counts as no versions. */
type Entries = { readonly [chart: string]: readonly unknown[] | null };

function entriesOf({
  layout,
  value,
}: ParsedIndex): { readonly kind: "entries"; readonly value: Entries } | BadIndex {
  if (!isRecord(value)) return badIndex("is no mapping");
  if (layout === "index" && !value["apiVersion"]) return badIndex("has no apiVersion");
  const entries = layout === "index" ? value["entries"] : value;
  if (!isRecord(entries)) return badIndex("has no entries");
  if (!isLists(entries)) return badIndex("has a chart whose versions are no list");
  return { kind: "entries", value: entries };
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isLists(entries: { readonly [key: string]: unknown }): entries is Entries {
  return Object.values(entries).every((versions) => versions === null || Array.isArray(versions));
}
