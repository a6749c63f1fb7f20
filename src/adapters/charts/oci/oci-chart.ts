// A chart in an OCI registry, as Helm stores it: a manifest tagged with the version whose config is Chart.yaml in JSON
// and whose layers are the archive and perhaps its provenance (https://helm.sh/docs/topics/registries).

import { createHash } from "node:crypto";
import type { ChartRepository } from "../../../domain/model/config/settings.ts";
import { parseDate, parseDigest } from "../chart-version.ts";
import { reachOf } from "../http/authorization.ts";
import { parseForeignJson } from "../http/parse-json.ts";
import type { HttpAnswer } from "../http/request.ts";
import { type Unreachable, unreachable } from "../http/unreachable.ts";
import { Registry, registryAbsence } from "./registry.ts";

export const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const CONFIG = "application/vnd.cncf.helm.config.v1+json";
const CONTENT = ["application/vnd.cncf.helm.chart.content.v1.tar+gzip", "application/tar+gzip"];
const PROVENANCE = ["application/vnd.cncf.helm.chart.provenance.v1.prov"];

/** The blobs of a chart's manifest; digests are `sha256:` and 64 hex digits. */
export interface ChartManifest {
  readonly kind: "manifest";
  readonly digest: string;
  readonly config: string;
  readonly content: string;
  readonly provenance?: string;
  readonly created?: Date;
  /** Annotations by name, including the chart's own. */
  readonly annotations: unknown;
}

export type NoManifest = { readonly kind: "missing"; readonly requested: string } | Unreachable;

/** The registry, for requests about one chart of the repository. */
export function chartRegistry(repository: ChartRepository, chart: string): Registry {
  const { credentials } = repository;
  return new Registry({
    ...chartAddress(repository, chart),
    reach: reachOf(repository),
    ...(credentials.kind === "basic" && { login: credentials }),
    ...(credentials.kind === "bearer" && { authorization: `Bearer ${credentials.token}` }),
  });
}

/**
 * `oci://` means https, as in Helm; `fetchFrom` has `http://` for a registry without TLS. Repository names are in lower
 * case, however the operator spells an owner.
 */
export function chartAddress(
  { fetchFrom }: ChartRepository,
  chart: string,
): { readonly origin: string; readonly repository: string } {
  const { origin, pathname } = new URL(fetchFrom.replace(/^oci:/, "https:"));
  const folders = pathname.toLowerCase().split("/");
  return { origin, repository: [...folders.filter((part) => part !== ""), chart].join("/") };
}

/** A tag cannot contain a plus sign: Helm replaces it by an underscore. */
export function tagOf(version: string): string {
  return version.replaceAll("+", "_");
}

/** `reference`: a tag or a digest. */
export async function readManifest(
  { name }: ChartRepository,
  registry: Registry,
  reference: string,
): Promise<ChartManifest | NoManifest> {
  const answer = await registry.send({ path: `manifests/${reference}`, accept: MANIFEST });
  const absent = registryAbsence(answer);
  if (absent !== undefined)
    return { kind: "missing", requested: `${answer.requested} answered 404 ${absent}` };
  const manifest =
    answer.kind === "answer" && answer.status === 200 ? parseForeignJson(answer.body) : undefined;
  if (answer.kind === "failed" || typeof manifest !== "object" || manifest === null)
    return unreachable(name, answer);
  const chart = parseManifest(manifest, answer.body);
  return (
    chart ?? {
      kind: "missing",
      requested: `${answer.requested} answered with something that is no Helm chart`,
    }
  );
}

function parseManifest(manifest: object, bytes: Uint8Array): ChartManifest | undefined {
  const { config, layers, annotations } = Object(manifest);
  const descriptors: readonly unknown[] = Array.isArray(layers) ? layers : [];
  const configDigest = digestOf([config], [CONFIG]);
  const content = digestOf(descriptors, CONTENT);
  const provenance = digestOf(descriptors, PROVENANCE);
  const created = parseDate(Object(annotations)["org.opencontainers.image.created"]);
  if (configDigest === undefined || content === undefined) return undefined;
  return {
    kind: "manifest",
    digest: sha256(bytes),
    config: configDigest,
    content,
    ...(provenance !== undefined && { provenance }),
    ...(created !== undefined && { created }),
    annotations,
  };
}

/** Digest of the first descriptor with one of these media types. */
function digestOf(descriptors: readonly unknown[], mediaTypes: readonly string[]): string | undefined {
  const found = descriptors.map(Object).find(({ mediaType }) => mediaTypes.includes(mediaType));
  return found === undefined ? undefined : parseDigest(String(found["digest"]));
}

/** Whether the response has the digest. */
export function isBlob(
  answer: HttpAnswer,
  digest: string,
): answer is HttpAnswer & { readonly kind: "answer" } {
  return answer.kind === "answer" && answer.status === 200 && sha256(answer.body) === digest;
}

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
