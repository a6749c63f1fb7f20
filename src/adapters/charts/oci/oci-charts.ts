// OCI registries as chart repositories. Each manifest read may count as a pull (Docker Hub allows a hundred in six
// hours), so results are cached: by digest without expiry, by tag for a while.

import type { ChartRepository } from "../../../domain/model/config/settings.ts";
import { compareVersions, parseVersion } from "../../../domain/versions/version.ts";
import { type ChartVersion, type LookUp, parseMetadata } from "../chart-version.ts";
import { parseForeignJson } from "../http/parse-json.ts";
import { type Unreachable, unreachable } from "../http/unreachable.ts";
import { RecentlyUsed } from "../recently-used.ts";
import type { WantedVersion } from "../wanted-version.ts";
import {
  type ChartManifest,
  chartAddress,
  chartRegistry,
  isBlob,
  type NoManifest,
  readManifest,
  tagOf,
} from "./oci-chart.ts";
import type { Registry } from "./registry.ts";

/** Maximum age of a cached tag: for callers that do not need a current one, and for texts. */
const YOUNG_MS = 5_000;
const READABLE_MS = 60 * 60_000;

const MOST_KEPT = 1_000;

interface KeptManifest {
  readonly manifest: ChartManifest;
  /** Time of the request. */
  readonly at: number;
}

/** One chart of a repository, with its registry. */
interface OciChart {
  readonly repository: ChartRepository;
  readonly chart: string;
  readonly registry: Registry;
}

export class OciCharts {
  /** By chart; each authenticates once. */
  readonly #registries = new WeakMap<ChartRepository, Map<string, Registry>>();
  readonly #manifests = new RecentlyUsed<KeptManifest>(MOST_KEPT);
  /** Chart.yaml by the digest of the manifest's config. */
  readonly #metadata = new RecentlyUsed<ChartVersion["metadata"]>(MOST_KEPT);

  registry(repository: ChartRepository, chart: string): Registry {
    const known = this.#registries.get(repository) ?? new Map<string, Registry>();
    this.#registries.set(repository, known);
    const registry = known.get(chart) ?? chartRegistry(repository, chart);
    known.set(chart, registry);
    return registry;
  }

  /** By the tag of that version. */
  async lookUp(repository: ChartRepository, wanted: WantedVersion): Promise<LookUp> {
    const { chart, version, digest, since } = wanted;
    const about = { repository, chart, registry: this.registry(repository, chart) };
    const manifest = await this.#manifest(about, version, ({ manifest: { content }, at }) => {
      const isYoung = Date.now() - at <= YOUNG_MS && (since === undefined || at >= since.getTime());
      return isYoung && (digest === undefined || digest === content);
    });
    return manifest.kind === "manifest" ? this.#found(about, version, manifest) : manifest;
  }

  /** The digests of archive and provenance, by the tag of that version. */
  manifest(repository: ChartRepository, chart: string, version: string): Promise<ChartManifest | NoManifest> {
    const about = { repository, chart, registry: this.registry(repository, chart) };
    return this.#manifest(about, version, ({ at }) => Date.now() - at <= YOUNG_MS);
  }

  /** The metadata of one version, perhaps from the cache; `undefined` when it is not a chart. */
  async releaseOf(
    { repository, chart }: { readonly repository: ChartRepository; readonly chart: string },
    version: string,
  ): Promise<ChartVersion | NoManifest> {
    const about = { repository, chart, registry: this.registry(repository, chart) };
    const manifest = await this.#manifest(about, version, ({ at }) => Date.now() - at <= READABLE_MS);
    if (manifest.kind !== "manifest") return manifest;
    const { annotations, content, created, config } = manifest;
    const metadata = hasAnnotations(manifest)
      ? parseMetadata({ name: chart, version, annotations })
      : await this.#readMetadata(about, config);
    if (metadata === undefined) return { kind: "missing", requested: `${version} is no version` };
    if ("kind" in metadata) return metadata;
    return { metadata, digest: content, ...(created !== undefined && { created }), urls: [] };
  }

  async #manifest(
    { repository, chart, registry }: OciChart,
    version: string,
    isEnough: (kept: KeptManifest) => boolean,
  ): Promise<ChartManifest | NoManifest> {
    const { origin, repository: path } = chartAddress(repository, chart);
    const key = `${repository.name} ${origin}/${path}:${tagOf(version)}`;
    const kept = this.#manifests.get(key);
    if (kept !== undefined && isEnough(kept)) return kept.manifest;
    const at = Date.now();
    const manifest = await readManifest(repository, registry, tagOf(version));
    if (manifest.kind === "manifest") this.#manifests.put(key, { manifest, at });
    return manifest;
  }

  async #found(about: OciChart, version: string, manifest: ChartManifest): Promise<LookUp> {
    const metadata = await this.#readMetadata(about, manifest.config);
    if ("kind" in metadata) return metadata;
    const { repository, chart } = about;
    const { origin, repository: path } = chartAddress(repository, chart);
    if (metadata.name !== chart || !isTakenFor(metadata.version, version)) {
      const held = `${metadata.name} ${metadata.version}`;
      return { kind: "missing", requested: `${origin}/${path}:${tagOf(version)} holds ${held} instead` };
    }
    const { content, digest, created } = manifest;
    return {
      kind: "found",
      metadata,
      digest: content,
      manifestDigest: digest,
      ...(created !== undefined && { created }),
      urls: [`${origin}/v2/${path}/blobs/${content}`],
    };
  }

  async #readMetadata(
    { repository, registry }: OciChart,
    config: string,
  ): Promise<ChartVersion["metadata"] | Unreachable> {
    const kept = this.#metadata.get(config);
    if (kept !== undefined) return kept;
    const answer = await registry.send({ path: `blobs/${config}` });
    const metadata = isBlob(answer, config) ? parseMetadata(parseForeignJson(answer.body)) : undefined;
    if (metadata === undefined) return unreachable(repository.name, answer);
    this.#metadata.put(config, metadata);
    return metadata;
  }
}

/** Since 3.10 Helm writes the name and the chart's own annotations into a manifest. */
function hasAnnotations({ annotations }: ChartManifest): boolean {
  return Object(annotations)["org.opencontainers.image.title"] !== undefined;
}

/**
 * Helm pulls by the tag and then compares the chart's version as with a range of one version: a leading `v`, and build
 * metadata on one side, make no difference (helm/helm pkg/chart/v2/util/dependencies.go, IsCompatibleRange).
 */
function isTakenFor(held: string, wanted: string): boolean {
  const [own, other] = [parseVersion(held), parseVersion(wanted)];
  if (held === wanted) return true;
  if (!own || !other || compareVersions(own, other) !== 0) return false;
  return own.metadata === other.metadata || own.metadata === "" || other.metadata === "";
}
