// Is this very version of this chart in this chart repository? Asked in the way of each kind of repository.

import type { ChartRepository } from "../model/settings.ts";
import type { LookUp } from "./chart-version.ts";
import { lookUpInMuseum } from "./chartmuseum.ts";

/** What the repository says about exactly this version: text for text, never as a range. */
export async function lookUp(repository: ChartRepository, chart: string, version: string): Promise<LookUp> {
  if (!isFileName(chart) || !isFileName(version))
    return { kind: "missing", asked: `"${chart}" and "${version}" cannot name a chart and its version` };
  return lookUpInMuseum(repository, chart, version);
}

/** A name that stays one part of a path when put into a URL. */
function isFileName(name: string): boolean {
  return /^[^/\\]+$/.test(name) && !/^\.+$/.test(name);
}
