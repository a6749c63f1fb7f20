// Helm charts in OCI registries (https://helm.sh/docs/topics/registries/): names, tags and media types.

import type { Result } from "../../../domain/model/problem.ts";
import { isChartVersion } from "../../body/announcement.ts";
import type { Notice } from "../system.ts";
import { ignored, oneChart } from "./notice.ts";

export interface Artifact {
  /** Repository below the registry's host, such as `charts/web`, in whatever case. */
  readonly path: string;
  /** Of the repository manager that `path` begins with, if any. */
  readonly key?: string;
  /** Of the registry, where nothing else tells it from others of its cloud. */
  readonly host?: string;
  /** May be empty, or a digest, for what was pushed without a tag. */
  readonly tag: string;
  /** Media type of the manifest's config; absent where the event does not tell. */
  readonly configType?: string | undefined;
  /** The manifest's other parts, as far as the event tells. */
  readonly layers?:
    | readonly { readonly mediaType?: string | undefined; readonly digest?: string | undefined }[]
    | undefined;
}

const CHART_CONFIG = "application/vnd.cncf.helm.config.v1+json";
const CHART_CONTENT = new Set([
  "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
  "application/tar+gzip",
]);

/**
 * The packed chart is the content layer, so that layer's digest is the archive's. Names of repositories are in lower case
 * (OCI distribution specification, "Pulling manifests"); GitHub's events write the owner as it is spelled elsewhere.
 */
export function artifactNotice({ path, key, host, tag, configType, layers = [] }: Artifact): Result<Notice> {
  const where = path.toLowerCase();
  if (configType !== undefined && configType !== CHART_CONFIG)
    return ignored(`${where}:${tag} is not a chart`);
  const version = tag.replaceAll("_", "+");
  if (!isChartVersion(version)) return ignored(`the tag "${tag}" of ${where} is not a chart version`);
  const digest = layers.find(({ mediaType = "" }) => CHART_CONTENT.has(mediaType))?.digest;
  return oneChart({
    body: { chart: where.split("/").at(-1) ?? "", version, ...(digest === undefined ? {} : { digest }) },
    certainty: configType === CHART_CONFIG ? "chart" : "perhaps",
    path: where,
    ...(key !== undefined && { key }),
    ...(host !== undefined && { host }),
  });
}
