// Parses WWW-Authenticate: a list of challenges, each a scheme with a token or with parameters, all separated by commas
// (RFC 9110 section 11.6.1). Repeated headers are joined by commas.

import { splitUnquoted } from "./split-unquoted.ts";

export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  /** By lower-case name; of duplicates the first. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** In order; malformed parts are skipped up to the next comma. Linear in the header's length. */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: Challenge[] = [];
  let parameters = new Map<string, string>();
  for (const element of splitUnquoted(header, ",")) {
    const [, scheme, rest] = SCHEME.exec(element) ?? [];
    if (scheme !== undefined) {
      parameters = new Map();
      challenges.push({ scheme: scheme.toLowerCase(), parameters });
    }
    const [, name, quoted, bare] = PARAMETER.exec(rest ?? element) ?? [];
    const key = name?.toLowerCase();
    const value = quoted?.replaceAll(/\\(.)/gs, "$1") ?? bare;
    if (key !== undefined && value !== undefined && !parameters.has(key)) parameters.set(key, value);
  }
  return challenges;
}

/** A token without an equals sign; after a space either its first parameter, or a token68, which is not used here. */
const SCHEME = /^([\w!#$%&'*+.^`|~-]+)(?: +(?![ =])(.*))?$/s;
/** Lenient: an unquoted value may contain the characters of URLs, which registries do not quote. */
const PARAMETER = /^([\w!#$%&'*+.^`|~-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^"\s=][^"\s]*))$/s;
