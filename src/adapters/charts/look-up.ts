// Is this very version of this chart in this chart repository? Asked as each kind is asked.

import type { ChartRepository } from "../../domain/model/config/settings.ts";
import { ChartSources } from "./chart-sources.ts";
import type { LookUp } from "./chart-version.ts";
import { lookUpInMuseum, lookUpInMuseumList } from "./chartmuseum.ts";
import type { WantedVersion } from "./wanted-version.ts";

/**
 * What the repository says about exactly this version: text for text, never as a range.
 * `sources` is shared by look-ups that need not each download an index or read a manifest; ChartMuseum is asked about the
 * one version each time.
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

/** Requests that are made for one chart at once, where each version needs its own. */
const SINGLE_REQUESTS = 10;

/**
 * The same of several versions of one chart, in their order: of all of them where the repository can list the chart, else of
 * the first ones, each by a request of its own.
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

/** Of each of them; nothing where it has to be asked about each version. */
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

/** A name that stays one part of a path when put into a URL. */
function isPathPart(name: string): boolean {
  return /^[^/\\?#%]+$/.test(name) && !/^\.+$/.test(name);
}
