// Polling: lists every version in a chart repository, or says that nothing has changed.

import type { ListedVersion } from "../../domain/model/chart/listed-version.ts";
import type { ChartRepository } from "../../domain/model/config/settings.ts";
import { ChartSources } from "./chart-sources.ts";
import { readMuseumList } from "./chartmuseum.ts";
import type { IndexRead } from "./index/download-index.ts";
import { indexUnreachable, readIndexFile } from "./index/index-file.ts";
import { deserialise, type ListedChart } from "./index/listed-version.ts";
import type { Listing } from "./listing.ts";
import { listTags } from "./oci/oci-tags.ts";

/**
 * Lists a repository. `previous`: the validator of the last `changed`. `chart`: the one chart to list in an OCI
 * registry, which has no catalogue; other repositories list all charts.
 */
export async function listVersions(
  repository: ChartRepository,
  { previous, chart = "", known = [] }: ListingQuery = {},
  sources = new ChartSources(),
): Promise<Listing> {
  switch (repository.kind) {
    case "chartmuseum":
      return listing(repository, await readMuseumList(repository), { previous });
    case "index": {
      const headers = conditions(previous);
      return listing(repository, await readIndexFile(repository, { headers }), { previous, headers });
    }
    case "oci":
      return listTags(repository, {
        ...{ chart, registry: sources.oci.registry(repository, chart), known },
        ...(previous !== undefined && { previous }),
      });
  }
}

export interface ListingQuery {
  readonly previous?: string | undefined;
  readonly chart?: string;
  /** Versions of that chart whose manifest digest is wanted. */
  readonly known?: readonly string[];
}

type Headers = { readonly [name: string]: string };

interface ConditionalQuery {
  readonly previous: string | undefined;
  readonly headers?: Headers;
}

function listing(
  repository: ChartRepository,
  read: IndexRead,
  { previous, headers = {} }: ConditionalQuery,
): Listing {
  const { answer, content } = read;
  const isUnchanged = answer.kind === "answer" && answer.status === 304;
  if (isUnchanged && Object.keys(headers).length > 0) return { kind: "same" };
  if (content?.kind !== "listed") return { ...indexUnreachable(repository, read), kind: "failed" };
  const validator = validatorOf(read);
  return validator === previous
    ? { kind: "same" }
    : {
        kind: "changed",
        versions: unpacking(content.charts),
        ...(content.unsupported && { unsupported: content.unsupported }),
        validator,
      };
}

/** Unpacks one chart after the other, while the caller iterates. */
function unpacking(charts: readonly ListedChart[]): Iterable<readonly [string, readonly ListedVersion[]]> {
  return {
    *[Symbol.iterator]() {
      for (const chart of charts) yield [chart.chart, deserialise(chart)] as const;
    },
  };
}

/** The server's own validators if they are reliable, else a hash of the body. */
function validatorOf({ answer, sha256 }: IndexRead): string {
  const headers = answer.kind === "answer" ? answer.headers : new Map<string, string>();
  const etag = headers.get("etag");
  const modified = headers.get("last-modified");
  if (etag !== undefined) return `etag ${etag}`;
  return modified !== undefined && isSettled(modified, headers.get("date"))
    ? `modified ${modified}`
    : `sha256 ${sha256}`;
}

/** A file modified within the same second may change again without a new Last-Modified (RFC 9110 §8.8.2.2). */
function isSettled(modified: string, date: string | undefined): boolean {
  return Date.parse(date ?? "") - Date.parse(modified) >= 60_000;
}

function conditions(previous: string | undefined): Headers {
  const [, kind, value] = /^(etag|modified) (.*)$/.exec(previous ?? "") ?? [];
  if (kind === undefined || value === undefined) return {};
  return { [kind === "etag" ? "if-none-match" : "if-modified-since"]: value };
}
