// Helm charts in OCI registries (https://helm.sh/docs/topics/registries/): names, tags and media types.

import type { Result } from "../../../domain/model/problem.ts";
import { isChartVersion } from "../../body/announcement.ts";
import type { Notice } from "../system.ts";
import { ignored, oneChart } from "./notice.ts";

export interface Artifact {
  /** Repository path without the registry's host, such as `charts/web`, in any case. */
  readonly path: string;
  /** Key of the repository manager's repository, if `path` begins with one. */
  readonly key?: string;
  /** Host of the registry, in clouds where only the host identifies it. */
  readonly host?: string;
  /** Empty, or a digest, for an untagged push. */
  readonly tag: string;
  /** Media type of the manifest's config; absent when the event does not have it. */
  readonly configType?: string | undefined;
  /** The manifest's layers, as far as the event lists them. */
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
 * The archive is the chart's content layer, so that layer's digest is the archive's. Repository names are in lower case
 * (OCI distribution specification, "Pulling manifests"); GitHub's events spell the owner as elsewhere.
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
