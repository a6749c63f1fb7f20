// Downloads a packed chart (or its provenance) from the URL in a chart repository.

import type { ChartRepository } from "../../../domain/model/config/settings.ts";
import { fail, ok, type Result } from "../../../domain/model/problem.ts";
import { authorizationOf, reachOf } from "../http/authorization.ts";
import { type HttpAnswer, request } from "../http/request.ts";
import { unreachableProblem } from "../http/unreachable.ts";
import { readManifest } from "../oci/oci-chart.ts";
import { openReference, parseOciReference } from "../oci/oci-reference.ts";
import { ARCHIVE_REQUEST } from "./archive-limits.ts";
import { missing } from "./fetch-problem.ts";
import { pullFile } from "./pull-file.ts";

export interface Wanted {
  readonly what: "archive" | "provenance";
  readonly version: string;
}

/**
 * `location`: absolute, or relative to the URL from which the App reads the repository; an `oci://` URL is read from
 * its registry.
 */
export async function downloadFile(
  repository: ChartRepository,
  location: string,
  wanted: Wanted,
): Promise<Result<Uint8Array>> {
  if (/^oci:\/\//i.test(location)) return fromOtherRegistry(repository, location, wanted);
  const own = new URL(`${repository.fetchFrom}/`);
  const url = URL.parse(readableFrom(repository, location), own.href);
  if (url?.protocol !== "https:" && url?.protocol !== "http:")
    return fail(missing(repository, "the index gives it an address that is no web address"));
  if (url.username !== "" || url.password !== "")
    return fail(missing(repository, "the index gives it an address with a login in it, which is never used"));
  if (wanted.what === "provenance") url.pathname += ".prov";
  const authorization = mayHaveLogin(repository, url) ? authorizationOf(repository) : undefined;
  return bytesOf(
    repository,
    await request({ url, authorization, reach: reachOf(repository), ...ARCHIVE_REQUEST }),
  );
}

/**
 * As in Helm: only for the repository's own origin, unless `passCredentials` is set; never over http when the
 * repository uses https.
 */
function mayHaveLogin({ fetchFrom, passCredentials }: ChartRepository, url: URL): boolean {
  const own = new URL(fetchFrom);
  if (url.origin === own.origin) return true;
  return passCredentials === true && (url.protocol === "https:" || own.protocol === "http:");
}

/** Maps the repository's public URL to the one from which the App reads it. */
function readableFrom({ url, also, fetchFrom }: ChartRepository, location: string): string {
  const base = [url, ...also].find((spelling) => location.startsWith(`${spelling}/`));
  return base === undefined ? location : `${fetchFrom}${location.slice(base.length)}`;
}

/** An index may list charts in an OCI registry, as Bitnami's does. */
async function fromOtherRegistry(
  repository: ChartRepository,
  location: string,
  { what, version }: Wanted,
): Promise<Result<Uint8Array>> {
  const reference = parseOciReference(location, version);
  if (reference === undefined)
    return fail(missing(repository, "the index gives it an address that names no chart in a registry"));
  const registry = openReference(reference, repository);
  const manifest = await readManifest(repository, registry, reference.reference);
  return pullFile(repository, registry, { what, manifest });
}

function bytesOf(repository: ChartRepository, answer: HttpAnswer): Result<Uint8Array> {
  if (answer.kind === "answer" && answer.status === 200) return ok(answer.body);
  const absent = answer.kind === "answer" && answer.status === 404 && saysNotThere(repository, answer);
  return fail(
    absent
      ? missing(repository, `${answer.requested} answered 404`)
      : unreachableProblem(repository.name, answer),
  );
}

/**
 * A plain web server has no specific error body: its 404 counts as missing, since its index was read or named the URL.
 */
function saysNotThere({ kind }: ChartRepository, answer: HttpAnswer & { readonly kind: "answer" }): boolean {
  return kind === "index" || Buffer.from(answer.body).toString("utf8").includes('"object not found"');
}
