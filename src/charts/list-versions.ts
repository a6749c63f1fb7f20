// Polling: every version that stands in a chart repository, or that nothing changed since the last time.

import type { ChartRepository } from "../model/settings.ts";
import { readMuseumList } from "./chartmuseum.ts";
import type { IndexRead } from "./download-index.ts";
import { indexProblem, readIndexFile } from "./index-file.ts";
import { type ListedChart, type ListedVersion, unpack } from "./listed-version.ts";
import type { Listing } from "./listing.ts";
import { listTags } from "./oci-tags.ts";

/**
 * Lists a repository. `previous`: the validator of the last `changed`.
 * `watched`: charts to list in an OCI registry, which cannot say which charts it has; the other kinds list all.
 */
export async function listVersions(
  repository: ChartRepository,
  previous?: string,
  watched: readonly string[] = [],
): Promise<Listing> {
  switch (repository.kind) {
    case "chartmuseum":
      return listing(repository, await readMuseumList(repository), { previous });
    case "index": {
      const headers = conditions(previous);
      return listing(repository, await readIndexFile(repository, { headers }), { previous, headers });
    }
    case "oci":
      return listTags(repository, watched, previous);
  }
}

type Headers = { readonly [name: string]: string };

interface Asked {
  readonly previous: string | undefined;
  readonly headers?: Headers;
}

function listing(repository: ChartRepository, read: IndexRead, { previous, headers = {} }: Asked): Listing {
  const { answer, content } = read;
  const isUnchanged = answer.kind === "answer" && answer.status === 304;
  if (isUnchanged && Object.keys(headers).length > 0) return { kind: "same" };
  if (content?.kind !== "listed") return { kind: "failed", problem: indexProblem(repository, read) };
  const validator = validatorOf(read);
  return validator === previous
    ? { kind: "same" }
    : { kind: "changed", versions: unpacking(content.charts), validator };
}

/** One chart after the other is unpacked, whenever somebody goes through them. */
function unpacking(charts: readonly ListedChart[]): Iterable<readonly [string, readonly ListedVersion[]]> {
  return {
    *[Symbol.iterator]() {
      for (const chart of charts) yield [chart.chart, unpack(chart)] as const;
    },
  };
}

/** The server's own validators where it has any to rely on, else a hash of the body. */
function validatorOf({ answer, sha256 }: IndexRead): string {
  const headers = answer.kind === "answer" ? answer.headers : new Map<string, string>();
  const etag = headers.get("etag");
  const modified = headers.get("last-modified");
  if (etag !== undefined) return `etag ${etag}`;
  return modified !== undefined && isSettled(modified, headers.get("date"))
    ? `modified ${modified}`
    : `sha256 ${sha256}`;
}

/** A file that was changed just now may change again within the same second (RFC 9110 §8.8.2.2). */
function isSettled(modified: string, date: string | undefined): boolean {
  return Date.parse(date ?? "") - Date.parse(modified) >= 60_000;
}

function conditions(previous: string | undefined): Headers {
  const [, kind, value] = /^(etag|modified) (.*)$/.exec(previous ?? "") ?? [];
  if (kind === undefined || value === undefined) return {};
  return { [kind === "etag" ? "if-none-match" : "if-modified-since"]: value };
}
