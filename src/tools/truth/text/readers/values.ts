// Sentences about values, Helm's messages about them, and what is not known.

import { titled } from "../names.ts";
import { filled, type Reader } from "./read.ts";

export const VALUE_READERS: readonly Reader[] = [
  [
    /^[Tt]he new version shows ¤ ¤ (?:only|always)/,
    ({ codes, release }) => [`sometimes: ${titled(codes[0] ?? "", codes[1] ?? "", release)}`],
  ],
  [
    /^The CRDs in ¤ differ: (.*?); Helm neither/,
    ({ match, codes }) => definitions(match[1] ?? "", codes.slice(1)),
  ],
  [
    /^The new version does not render with this environment's values: (.*?)(?:, as it already does with the present version)?$/,
    ({ match, codes }) => ["does not render: new", `helm says: ${filled(match[1] ?? "", codes)}`],
  ],
  [
    /^(?:As an upgrade it does not render|Whether it renders is not known)/,
    () => ["rendered as an installation"],
  ],
  [/^¤ does not fit the schema of ¤: /, ({ codes }) => ["refused by a schema", `schema: ${codes[0]}`]],
  [/^¤ of ¤ does not fit the schema of ¤: /, () => ["refused by a schema"]],
  [/^What is set here .*does not fit the schema of ¤/, () => ["refused by a schema"]],
  [/^\d+ values here do not fit the schemas: Helm will refuse them/, () => ["refused by a schema"]],
  [/^You set ¤ \(¤.*?\), which (?:subchart ¤ of )?¤ no longer has: /, ({ codes }) => [`unread: ${codes[0]}`]],
  [
    /^You set \d+ values \((.*)\), which (?:subchart ¤ of )?¤ no longer has: /,
    ({ match, codes }) => keys(match[1] ?? "", codes),
  ],
  [/^You set .*has no default for any more; whether anything still reads it was not tried$/, () => []],
  [
    /^You set ¤ \(¤\) as (.+); the default of ¤ is (.+)$/,
    ({ match, codes }) => [`kind: ${codes[0]} ${match[1]}, ${match[2]}`],
  ],
];

/** "¤ in ¤; ¤ in ¤, perhaps ¤ now": takes the first of each group. */
function keys(words: string, codes: readonly string[]): readonly string[] {
  const left = [...codes];
  return words.split("; ").flatMap((group) => {
    const [key] = left.splice(0, (group.match(/¤/g) ?? []).length);
    return key === undefined ? [] : [`unread: ${key}`];
  });
}

function definitions(words: string, codes: readonly string[]): readonly string[] {
  const whats = [...words.matchAll(/¤ \((gone|new|changed)\)/g)].map(([, what = ""]) => what);
  return whats.map((what, index) => `crds/: ${codes[index]} ${what}`);
}
