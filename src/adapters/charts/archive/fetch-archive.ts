// Fetches a packed chart (or its provenance) from its chart repository and verifies that it is the right one.

import { createHash } from "node:crypto";
import type { ChartRepository } from "../../../domain/model/config/settings.ts";
import { fail, ok, type Result } from "../../../domain/model/problem.ts";
import { ChartSources } from "../chart-sources.ts";
import { downloadFile, type Wanted } from "./download-file.ts";
import { missing, otherDigest } from "./fetch-problem.ts";
import { pullByDigest, pullFile } from "./pull-file.ts";

export interface ChartName {
  readonly chart: string;
  readonly version: string;
  /** `sha256:` and 64 hex digits that the archive must have, if known. */
  readonly digest?: string;
  /** URLs of the archive from a look-up; looked up when needed and absent. */
  readonly urls?: readonly string[];
}

export interface FetchedArchive {
  readonly packed: Uint8Array;
  /** Digest of the bytes: `sha256:` and 64 hex digits. */
  readonly digest: string;
}

/**
 * Problems: `chart-missing`, `chart-digest`, `chart-repository-unreachable`. `sources`: caches of indexes and
 * manifests, shared with look-ups.
 */
export async function fetchArchive(
  repository: ChartRepository,
  name: ChartName,
  sources = new ChartSources(),
): Promise<Result<FetchedArchive>> {
  const answer = await fetchFile(repository, { ...name, what: "archive" }, sources);
  if (!answer.ok) return answer;
  const packed = answer.value;
  const digest = `sha256:${createHash("sha256").update(packed).digest("hex")}`;
  if (name.digest !== undefined && name.digest !== digest) return fail(otherDigest(repository, name, digest));
  return ok({ packed, digest });
}

/** The text of the chart's `.prov` file. Problems as above; `chart-missing` when the chart has none. */
export async function fetchProvenance(
  repository: ChartRepository,
  name: ChartName,
  sources = new ChartSources(),
): Promise<Result<string>> {
  const answer = await fetchFile(repository, { ...name, what: "provenance" }, sources);
  return answer.ok ? ok(Buffer.from(answer.value).toString("utf8")) : answer;
}

type File = ChartName & Wanted;

async function fetchFile(
  repository: ChartRepository,
  file: File,
  sources: ChartSources,
): Promise<Result<Uint8Array>> {
  switch (repository.kind) {
    case "chartmuseum":
      return downloadFile(
        repository,
        `charts/${encodeURIComponent(`${file.chart}-${file.version}.tgz`)}`,
        file,
      );
    case "index":
      return fromIndex(repository, file, sources);
    case "oci":
      return fromRegistry(repository, file, sources);
  }
}

async function fromIndex(
  repository: ChartRepository,
  file: File,
  { indexes }: ChartSources,
): Promise<Result<Uint8Array>> {
  const { chart, version, urls = [] } = file;
  const [known] = urls;
  if (known !== undefined) return downloadFile(repository, known, file);
  const found = await indexes.lookUp(repository, file);
  if (found.kind === "unreachable") return fail(found.problem);
  if (found.kind === "missing") return fail(missing(repository, found.requested));
  const [url] = found.urls;
  return url === undefined
    ? fail(missing(repository, `the index lists no address for ${chart} ${version}`))
    : downloadFile(repository, url, file);
}

/** A blob with a known digest is read without its manifest, which would count as a pull. */
async function fromRegistry(
  repository: ChartRepository,
  file: File,
  { oci }: ChartSources,
): Promise<Result<Uint8Array>> {
  const { chart, version, digest, what } = file;
  const registry = oci.registry(repository, chart);
  const named = what === "archive" ? digest : undefined;
  const pulled = named === undefined ? undefined : await pullByDigest(repository, registry, named);
  if (pulled?.ok || (pulled && pulled.problems[0]?.code !== "chart-missing")) return pulled;
  return pullFile(repository, registry, { what, manifest: await oci.manifest(repository, chart, version) });
}
