// Fetches a packed chart (or its provenance) from where its repository keeps it, and checks that it is the one meant.

import { createHash } from "node:crypto";
import { fail, ok, type Problem, type Result } from "../model/problem.ts";
import type { ChartRepository } from "../model/settings.ts";
import { ARCHIVE_LIMITS } from "./archive-limits.ts";
import { authorizationOf } from "./authorization.ts";
import { Indexes } from "./index-repository.ts";
import { chartRegistry, readManifest } from "./oci-chart.ts";
import { registryAbsence } from "./registry.ts";
import { type Answer, BULKY, request } from "./request.ts";
import { unreachable } from "./unreachable.ts";

export interface ChartName {
  readonly chart: string;
  readonly version: string;
  /** `sha256:` and 64 hex digits that the archive must have, when known. */
  readonly digest?: string;
  /** Where the repository says the archive is (`urls` of a look-up); looked up when needed and absent. */
  readonly urls?: readonly string[];
}

export interface FetchedArchive {
  readonly packed: Uint8Array;
  /** Of the bytes: `sha256:` and 64 hex digits. */
  readonly digest: string;
}

const LIMITS = { timeoutMs: BULKY.timeoutMs, maxBytes: ARCHIVE_LIMITS.packedBytes };
/** So that no server unpacks what it sends: the digest is that of the packed bytes. */
const HEADERS = { "accept-encoding": "identity" };

/**
 * Problems: `chart-missing`, `chart-digest`, `chart-repository-unreachable`.
 * `indexes`: where an index says the archive is, shared with look-ups.
 */
export async function fetchArchive(
  repository: ChartRepository,
  name: ChartName,
  indexes = new Indexes(),
): Promise<Result<FetchedArchive>> {
  const answer = await ask(repository, name, { what: "archive", indexes });
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
  indexes = new Indexes(),
): Promise<Result<string>> {
  const answer = await ask(repository, name, { what: "provenance", indexes });
  return answer.ok ? ok(Buffer.from(answer.value).toString("utf8")) : answer;
}

type What = "archive" | "provenance";

interface Asking {
  readonly what: What;
  readonly indexes: Indexes;
}

async function ask(
  repository: ChartRepository,
  name: ChartName,
  asking: Asking,
): Promise<Result<Uint8Array>> {
  const { what } = asking;
  switch (repository.kind) {
    case "chartmuseum":
      return download(repository, `charts/${encodeURIComponent(`${name.chart}-${name.version}.tgz`)}`, what);
    case "index":
      return fromIndex(repository, name, asking);
    case "oci":
      return fromRegistry(repository, name, what);
  }
}

async function fromIndex(
  repository: ChartRepository,
  name: ChartName,
  { what, indexes }: Asking,
): Promise<Result<Uint8Array>> {
  const { chart, version, urls = [] } = name;
  const [known] = urls;
  if (known !== undefined) return download(repository, known, what);
  const found = await indexes.lookUp(repository, name);
  if (found.kind === "unreachable") return fail(found.problem);
  if (found.kind === "missing") return fail(missing(repository, found.asked));
  const [url] = found.urls;
  return url === undefined
    ? fail(missing(repository, `the index lists no address for ${chart} ${version}`))
    : download(repository, url, what);
}

async function download(
  repository: ChartRepository,
  location: string,
  what: What,
): Promise<Result<Uint8Array>> {
  const own = new URL(`${repository.fetchFrom}/`);
  const url = URL.parse(readableFrom(repository, location), own.href);
  if (url?.protocol !== "https:" && url?.protocol !== "http:")
    return fail(missing(repository, `the index gives "${location}", which is no web address`));
  if (what === "provenance") url.pathname += ".prov";
  const authorization = url.origin === own.origin ? authorizationOf(repository) : undefined;
  return bytesOf(repository, await request({ url, headers: HEADERS, authorization, ...LIMITS }));
}

/** The bot may read from another address than the one that the repository tells everybody. */
function readableFrom({ url, also, fetchFrom }: ChartRepository, location: string): string {
  const told = [url, ...also].find((spelling) => location.startsWith(`${spelling}/`));
  return told === undefined ? location : `${fetchFrom}${location.slice(told.length)}`;
}

async function fromRegistry(
  repository: ChartRepository,
  name: ChartName,
  what: What,
): Promise<Result<Uint8Array>> {
  const registry = chartRegistry(repository, name.chart);
  const manifest = await readManifest(repository, registry, name.version);
  if (manifest.kind === "unreachable") return fail(manifest.problem);
  if (manifest.kind === "missing") return fail(missing(repository, manifest.asked));
  const digest = what === "archive" ? manifest.content : manifest.provenance;
  if (digest === undefined)
    return fail(missing(repository, `${name.chart} ${name.version} was pushed without one`));
  return bytesOf(repository, await registry.ask({ path: `blobs/${digest}`, ...LIMITS }));
}

function bytesOf(repository: ChartRepository, answer: Answer): Result<Uint8Array> {
  if (answer.kind === "answer" && answer.status === 200) return ok(answer.body);
  const absent = answer.kind === "answer" && answer.status === 404 && saysNotThere(repository, answer);
  return fail(
    absent ? missing(repository, `${answer.asked} answered 404`) : unreachable(repository.name, answer),
  );
}

/** A plain web server has no words of its own for it: its 404 counts, since its index was read or named the address. */
function saysNotThere({ kind }: ChartRepository, answer: Answer & { readonly kind: "answer" }): boolean {
  if (kind === "oci") return registryAbsence(answer) !== undefined;
  return kind === "index" || Buffer.from(answer.body).toString("utf8").includes('"object not found"');
}

function missing({ name }: ChartRepository, asked: string): Problem {
  return {
    code: "chart-missing",
    message: `Chart repository "${name}" does not have it: ${asked}.`,
    help: "Publish the chart (with its provenance file, where charts must be signed) and announce it again.",
  };
}

function otherDigest({ name }: ChartRepository, wanted: ChartName, digest: string): Problem {
  return {
    code: "chart-digest",
    message: `The archive of ${wanted.chart} ${wanted.version} in chart repository "${name}" has the digest ${digest}, not ${wanted.digest}.`,
    help: "Find out who replaced the archive, and publish what was meant under a new version.",
  };
}
