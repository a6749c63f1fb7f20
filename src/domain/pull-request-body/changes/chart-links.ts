// Links to a chart's home page and sources, built by the App from the chart's URLs.

import type { ChartFacts } from "../facts.ts";
import { clip, code, link, webAddress } from "../markdown/escape.ts";

const MOST_SOURCES = 5;

/** "Home: …; sources: …, …": a line of Markdown, `undefined` when there is nothing to link. */
export function chartLinks({ after }: ChartFacts): string | undefined {
  if (after.kind === "missing") return undefined;
  const { home, sources } = after.archive.metadata;
  const [page, repositories] = [
    linked(home === undefined ? [] : [home]),
    linked(sources.slice(0, MOST_SOURCES)),
  ];
  const parts = [
    ...(page === "" ? [] : [`Home: ${page}`]),
    ...(repositories === "" ? [] : [`${page === "" ? "Sources" : "sources"}: ${repositories}`]),
  ];
  return parts.length === 0 ? undefined : `${parts.join("; ")}.`;
}

/** Each link's text is its target. */
function linked(addresses: readonly string[]): string {
  return addresses
    .filter((address) => webAddress(address) !== undefined)
    .map((address) => link(code(clip(address, 150)), address))
    .join(", ");
}
