// One version of a chart in a chart repository's listing: the fields of Chart.yaml and those that the repository adds.

import type { ChartMetadata } from "../../domain/model/chart/archive.ts";
import type { Unreachable } from "./http/unreachable.ts";

export interface ChartVersion {
  readonly metadata: ChartMetadata;
  /** `sha256:` and 64 lowercase hex digits, of the packed archive; absent when the repository does not say. */
  readonly digest?: string;
  /** Time of the upload according to the repository; ChartMuseum loses it when it re-reads its storage. */
  readonly created?: Date;
  /** URLs of the archive as listed: absolute, or relative to the repository's URL. */
  readonly urls: readonly string[];
}

/** The result of looking a version up. Only a healthy response gives `missing`; any doubt gives `unreachable`. */
export type LookUp =
  | ({
      readonly kind: "found";
      /** Digest of the manifest, in an OCI registry. */
      readonly manifestDigest?: string;
    } & ChartVersion)
  /** `requested`: the request and its response, for messages. */
  | { readonly kind: "missing"; readonly requested: string }
  | Unreachable;

/** Parses an entry of index.yaml or of ChartMuseum's JSON; `undefined` without a name and version. */
export function parseChartVersion(entry: unknown): ChartVersion | undefined {
  const metadata = parseMetadata(entry);
  if (metadata === undefined || !isRecord(entry)) return undefined;
  const digest = parseDigest(text(entry["digest"]));
  const created = parseDate(text(entry["created"]));
  return {
    metadata,
    ...(digest !== undefined && { digest }),
    ...(created !== undefined && { created }),
    urls: texts(entry["urls"]),
  };
}

/** Parses Chart.yaml as Helm does: a missing apiVersion is v1, and scalars become text where text is expected. */
export function parseMetadata(chart: unknown): ChartMetadata | undefined {
  if (!isRecord(chart)) return undefined;
  const name = text(chart["name"]);
  const version = text(chart["version"]);
  if (name === undefined || version === undefined) return undefined;
  return {
    apiVersion: chart["apiVersion"] === "v2" ? "v2" : "v1",
    name,
    version,
    ...optionalTexts(chart),
    deprecated: chart["deprecated"] === true,
    sources: texts(chart["sources"]),
    annotations: annotations(chart["annotations"]),
    dependencies: list(chart["dependencies"]).flatMap(dependency),
  };
}

const OPTIONAL_TEXTS = ["appVersion", "kubeVersion", "description", "home"] as const;

function optionalTexts(chart: Fields): Pick<ChartMetadata, (typeof OPTIONAL_TEXTS)[number]> {
  const found = OPTIONAL_TEXTS.map((key) => [key, text(chart[key])] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

function dependency(entry: unknown): ChartMetadata["dependencies"] {
  if (!isRecord(entry)) return [];
  const name = text(entry["name"]);
  const alias = text(entry["alias"]);
  if (name === undefined) return [];
  return [
    {
      name,
      version: text(entry["version"]) ?? "",
      repository: text(entry["repository"]) ?? "",
      ...(alias !== undefined && { alias }),
    },
  ];
}

function annotations(value: unknown): ChartMetadata["annotations"] {
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, text(entry) ?? ""]));
}

/** `sha256:` and hex from either spelling: ChartMuseum and Helm write bare hex. */
export function parseDigest(written: string | undefined): string | undefined {
  const hex = /^(?:sha256:)?([0-9a-f]{64})$/i.exec(written ?? "")?.[1];
  return hex === undefined ? undefined : `sha256:${hex.toLowerCase()}`;
}

/** Go prints an unknown time as the year 1. */
export function parseDate(written: string | undefined): Date | undefined {
  const date = new Date(written ?? "");
  return date.getTime() > 0 ? date : undefined;
}

type Fields = { readonly [key: string]: unknown };

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function texts(value: unknown): readonly string[] {
  return list(value).flatMap((entry) => text(entry) ?? []);
}

/** Helm turns numbers and booleans into text where it expects text; empty text counts as absent. */
export function text(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}
