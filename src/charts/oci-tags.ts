// Which versions of a chart an OCI registry has, by its tags.

import { createHash } from "node:crypto";
import type { Problem } from "../model/problem.ts";
import type { ChartRepository } from "../model/settings.ts";
import type { ListedVersion } from "./listed-version.ts";
import type { Listing } from "./listing.ts";
import { chartRegistry } from "./oci-chart.ts";
import { parseJson } from "./parse-json.ts";
import { type Registry, registryAbsence } from "./registry.ts";
import { unreachable } from "./unreachable.ts";

/** Strict semantic versions only, as Helm reads tags; signatures and such carry other tags. */
const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
const MAX_PAGES = 100;

export type Tags =
  | { readonly kind: "tags"; readonly versions: readonly string[] }
  | { readonly kind: "unreachable"; readonly problem: Problem };

/** The versions of the watched charts, without digests, which would cost a request for each. */
export async function listTags(
  repository: ChartRepository,
  watched: readonly string[],
  previous: string | undefined,
): Promise<Listing> {
  const versions = new Map<string, readonly ListedVersion[]>();
  for (const chart of watched) {
    const tags = await readTags(repository, chartRegistry(repository, chart));
    if (tags.kind === "unreachable") return { kind: "failed", problem: tags.problem };
    if (tags.versions.length === 0) continue;
    versions.set(
      chart,
      tags.versions.map((version) => ({ version })),
    );
  }
  const validator = createHash("sha256")
    .update(JSON.stringify([...versions]))
    .digest("hex");
  return validator === previous ? { kind: "same" } : { kind: "changed", versions, validator };
}

/** Every version of one chart; none when the registry does not know the chart. */
export async function readTags({ name }: ChartRepository, registry: Registry): Promise<Tags> {
  const versions: string[] = [];
  let path: string | undefined = "tags/list?n=1000";
  for (let page = 0; page < MAX_PAGES && path !== undefined; page += 1) {
    const answer = await registry.ask({ path });
    if (registryAbsence(answer) !== undefined) return { kind: "tags", versions: [] };
    const tags = answer.kind === "answer" && answer.status === 200 ? tagsIn(answer.body) : undefined;
    if (answer.kind === "failed" || tags === undefined)
      return { kind: "unreachable", problem: unreachable(name, answer) };
    versions.push(...tags.map((tag) => tag.replaceAll("_", "+")).filter((version) => VERSION.test(version)));
    path = nextPage(answer.headers.get("link"));
  }
  return { kind: "tags", versions };
}

/** A registry answers `null` for a repository whose last tag was deleted. */
function tagsIn(body: Uint8Array): readonly string[] | undefined {
  const { tags } = Object(parseJson(body));
  if (tags === null) return [];
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : undefined;
}

/** RFC 8288; only paths are followed, so that no registry can send us elsewhere. */
function nextPage(link: string | undefined): string | undefined {
  const target = /<([^>]+)>\s*;\s*rel="?next"?/i.exec(link ?? "")?.[1];
  const url = target === undefined ? null : URL.parse(target, "http://registry");
  return url === null ? undefined : `${url.pathname}${url.search}`;
}
