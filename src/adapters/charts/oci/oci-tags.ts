// The versions of a chart in an OCI registry, from its tags.

import { createHash } from "node:crypto";
import type { ListedVersion } from "../../../domain/model/chart/listed-version.ts";
import type { ChartRepository } from "../../../domain/model/config/settings.ts";
import { parseDigest } from "../chart-version.ts";
import { nextLink } from "../http/link-header.ts";
import { parseForeignJson } from "../http/parse-json.ts";
import { type Unreachable, unreachable } from "../http/unreachable.ts";

import type { Listing } from "../listing.ts";
import { MANIFEST, tagOf } from "./oci-chart.ts";
import { type Registry, registryAbsence } from "./registry.ts";

/** Semantic versions, with the optional leading `v`; signatures and other artifacts have other tags. */
const VERSION = /^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
const MAX_PAGES = 100;

export interface Tags {
  readonly kind: "tags";
  readonly versions: readonly string[];
  /** False when there are more pages than were read. */
  readonly isWhole: boolean;
}

interface ListedTags {
  readonly chart: string;
  readonly registry: Registry;
  /** The validator of the last listing. */
  readonly previous?: string;
  /** Versions whose manifest digest is wanted: one request for each. */
  readonly known: readonly string[];
}

/** The versions of one chart, without the digests of their archives, which would cost two requests for each. */
export async function listTags(
  repository: ChartRepository,
  { chart, registry, previous, known }: ListedTags,
): Promise<Listing> {
  const tags = await readTags(repository, registry);
  if (tags.kind === "unreachable") return { ...tags, kind: "failed" };
  const versions: ListedVersion[] = [];
  for (const version of tags.versions) {
    const manifestDigest = known.includes(version) ? await manifestDigestOf(registry, version) : undefined;
    versions.push({ version, ...(manifestDigest !== undefined && { manifestDigest }) });
  }
  const validator = createHash("sha256").update(JSON.stringify(versions)).digest("hex");
  return validator === previous
    ? { kind: "same" }
    : { kind: "changed", versions: [[chart, versions]], validator };
}

/** By HEAD, which no registry counts as a pull; `undefined` when the response has no digest. */
async function manifestDigestOf(registry: Registry, version: string): Promise<string | undefined> {
  const answer = await registry.send({
    method: "HEAD",
    path: `manifests/${tagOf(version)}`,
    accept: MANIFEST,
  });
  if (answer.kind === "failed" || answer.status !== 200) return undefined;
  return parseDigest(answer.headers.get("docker-content-digest"));
}

/** Every version of one chart; empty when the registry does not know the chart. */
export async function readTags(
  { name }: Pick<ChartRepository, "name">,
  registry: Registry,
  maxPages = MAX_PAGES,
): Promise<Tags | Unreachable> {
  const versions: string[] = [];
  let path: string | undefined = "tags/list?n=1000";
  for (let page = 0; page < maxPages && path !== undefined; page += 1) {
    const answer = await registry.send({ path });
    if (registryAbsence(answer) !== undefined) return { kind: "tags", versions: [], isWhole: true };
    const tags = answer.kind === "answer" && answer.status === 200 ? tagsIn(answer.body) : undefined;
    if (answer.kind === "failed" || tags === undefined) return unreachable(name, answer);
    versions.push(...tags.map((tag) => tag.replaceAll("_", "+")).filter((version) => VERSION.test(version)));
    path = nextPage(answer.headers.get("link"), registry.urlOf(path));
  }
  return { kind: "tags", versions, isWhole: path === undefined };
}

/** A registry returns `null` for a repository whose last tag was deleted. */
function tagsIn(body: Uint8Array): readonly string[] | undefined {
  const { tags } = Object(parseForeignJson(body));
  if (tags === null) return [];
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : undefined;
}

/**
 * Uses only its path, so that no registry can redirect us to another host; behind a proxy many return their internal
 * URL.
 */
function nextPage(link: string | undefined, requested: URL): string | undefined {
  const next = nextLink(link, requested);
  return next && `${next.pathname}${next.search}`;
}
