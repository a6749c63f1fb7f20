// Helm charts in OCI registries (https://helm.sh/docs/topics/registries/): names, tags and media types.

import { fail, ok, type Result } from "../../model/problem.ts";
import { isChartVersion } from "../announcement.ts";
import { ignored } from "./notice.ts";
import type { Candidate, Notice } from "./system.ts";

export interface Artifact {
  /** Repository below the registry's host, such as `charts/web`. */
  readonly path: string;
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

/** The packed chart is the content layer, so that layer's digest is the archive's. */
export function artifactNotice({ path, tag, configType, layers = [] }: Artifact): Result<Notice> {
  if (configType !== undefined && configType !== CHART_CONFIG)
    return ignored(`${path}:${tag} is not a chart`);
  const version = tag.replaceAll("_", "+");
  if (!isChartVersion(version)) return ignored(`the tag "${tag}" of ${path} is not a chart version`);
  const digest = layers.find(({ mediaType = "" }) => CHART_CONTENT.has(mediaType))?.digest;
  const candidate: Candidate = {
    said: { chart: path.split("/").at(-1) ?? "", version, ...(digest === undefined ? {} : { digest }) },
    certainty: configType === CHART_CONFIG ? "chart" : "perhaps",
    path,
  };
  return ok({ kind: "charts", charts: [candidate] });
}

/** Charts of all, or every reason why there are none. */
export function mergeNotices(notices: readonly Result<Notice>[]): Result<Notice> {
  const problems = notices.flatMap((notice) => (notice.ok ? [] : notice.problems));
  const [first, ...rest] = problems;
  if (first !== undefined) return fail(first, ...rest);
  const found = notices.flatMap((notice) => (notice.ok ? [notice.value] : []));
  const charts = found.flatMap((notice) => (notice.kind === "charts" ? notice.charts : []));
  if (charts.length > 0) return ok({ kind: "charts", charts });
  const reasons = new Set(found.flatMap((notice) => (notice.kind === "ignored" ? [notice.because] : [])));
  return ignored([...reasons].join("; ") || "the event names nothing");
}
