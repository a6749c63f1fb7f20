// Where a chart says that more about it stands, as links that we build.

import type { ChartFacts } from "../facts.ts";
import { clip, code, link, webAddress } from "../markdown/escape.ts";

const MOST_SOURCES = 5;

/** "Home: …; sources: …, …": a line of Markdown, `undefined` when it says nothing that can be linked. */
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

/** Each shows where it leads. */
function linked(addresses: readonly string[]): string {
  return addresses
    .filter((address) => webAddress(address) !== undefined)
    .map((address) => link(code(clip(address, 150)), address))
    .join(", ");
}
