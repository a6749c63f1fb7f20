// Looks up exactly this version of a chart in a chart repository, in the way of its kind.

import type { ChartRepository } from "../../domain/model/config/settings.ts";
import { ChartSources } from "./chart-sources.ts";
import type { LookUp } from "./chart-version.ts";
import { lookUpInMuseum, lookUpInMuseumList } from "./chartmuseum.ts";
import type { WantedVersion } from "./wanted-version.ts";

/**
 * Compares the version as text, never as a range. `sources`: shared caches of indexes and manifests; ChartMuseum is
 * queried for the one version each time.
 */
export async function lookUp(
  repository: ChartRepository,
  wanted: WantedVersion,
  sources = new ChartSources(),
): Promise<LookUp> {
  if (!isWellFormed(wanted)) return unaskable(wanted);
  switch (repository.kind) {
    case "chartmuseum":
      return lookUpInMuseum(repository, wanted);
    case "index":
      return sources.indexes.lookUp(repository, wanted);
    case "oci":
      return sources.oci.lookUp(repository, wanted);
  }
}

/** Maximum number of requests for one chart at a time, when each version needs its own. */
const SINGLE_REQUESTS = 10;

/**
 * The same for several versions of one chart, in order: for all of them if the repository can list the chart, else for
 * the first ones, each by its own request.
 */
export async function lookUpAll(
  repository: ChartRepository,
  wanted: readonly WantedVersion[],
  sources = new ChartSources(),
): Promise<readonly LookUp[]> {
  const askable = wanted.filter(isWellFormed);
  const [first, ...others] = askable;
  const listed =
    first && others.length > 0 ? await listedOf(repository, first.chart, { askable, sources }) : undefined;
  if (listed === undefined)
    return Promise.all(wanted.slice(0, SINGLE_REQUESTS).map((one) => lookUp(repository, one, sources)));
  const answers = new Map(askable.map((one, n) => [one, listed[n]]));
  return wanted.map((one) => answers.get(one) ?? unaskable(one));
}

/** The result for each of them; `undefined` when each version has to be queried separately. */
async function listedOf(
  repository: ChartRepository,
  chart: string,
  { askable, sources }: { readonly askable: readonly WantedVersion[]; readonly sources: ChartSources },
): Promise<readonly LookUp[] | undefined> {
  switch (repository.kind) {
    case "chartmuseum":
      return sources.largeLists.read({ repository: repository.fetchFrom, chart }, () =>
        lookUpInMuseumList(repository, chart, askable),
      );
    case "index":
      return sources.indexes.lookUpAll(repository, chart, askable);
    case "oci":
      return undefined;
  }
}

function unaskable({ chart, version }: WantedVersion): LookUp {
  return { kind: "missing", requested: `"${chart}" and "${version}" cannot name a chart and its version` };
}

function isWellFormed({ chart, version }: WantedVersion): boolean {
  return isPathPart(chart) && isPathPart(version);
}

/** Whether a name stays a single part of a path when put into a URL. */
function isPathPart(name: string): boolean {
  return /^[^/\\?#%]+$/.test(name) && !/^\.+$/.test(name);
}
