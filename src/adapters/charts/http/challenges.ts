// What a server asks for in WWW-Authenticate: a list of challenges, each a scheme with a token or with parameters, all parted
// by commas (RFC 9110 section 11.6.1). Several headers of that name are one, joined by commas.

import { splitUnquoted } from "./split-unquoted.ts";

export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  /** By name in lower case; of a name that comes twice the first counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** In their order; what is malformed is passed over up to the next comma. Linear in the header's length. */
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

/** A token that no equals sign follows; behind a space its first parameter, or a token of its own, which nobody here reads. */
const SCHEME = /^([\w!#$%&'*+.^`|~-]+)(?: +(?![ =])(.*))?$/s;
/** Lenient: a bare value may hold what stands in addresses, which registries write without quotes. */
const PARAMETER = /^([\w!#$%&'*+.^`|~-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^"\s=][^"\s]*))$/s;
