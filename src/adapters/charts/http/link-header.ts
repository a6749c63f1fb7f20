// Finds the next page in a Link header (RFC 8288 section 3): links separated by commas, each a URL in angle brackets
// with parameters after semicolons.

import { endOfPart, splitUnquoted } from "./split-unquoted.ts";

/** Resolved against the requested URL; the first link with `next` in its `rel`. Linear in the header's length. */
export function nextLink(header: string | undefined, base: URL): URL | undefined {
  for (const { target, rel } of linksIn(header ?? "")) {
    if (!rel.toLowerCase().split(/\s+/).includes("next")) continue;
    return URL.parse(target, base.href) ?? undefined;
  }
  return undefined;
}

interface Link {
  readonly target: string;
  /** Relation types, separated by blanks; empty when there are none. */
  readonly rel: string;
}

function* linksIn(header: string): Generator<Link> {
  let at = header.indexOf("<");
  while (at !== -1) {
    const end = header.indexOf(">", at);
    if (end === -1) return;
    const after = endOfPart(header, ",", end + 1);
    yield { target: header.slice(at + 1, end).trim(), rel: relIn(header.slice(end + 1, after)) };
    at = header.indexOf("<", after);
  }
}

/** Of several `rel` the first counts (section 3.3). */
function relIn(parameters: string): string {
  for (const parameter of splitUnquoted(parameters, ";")) {
    const [, quoted, bare] = /^rel[ \t]*=[ \t]*(?:"([^"]*)"|([^\s"]+))$/i.exec(parameter) ?? [];
    const rel = quoted ?? bare;
    if (rel !== undefined) return rel;
  }
  return "";
}
