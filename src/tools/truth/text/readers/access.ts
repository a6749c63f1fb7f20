// Sentences about gained access, and about changes that the API server refuses.

import { about, type Read, type Reader } from "./read.ts";

export const ACCESS_READERS: readonly Reader[] = [
  about("(?:is added and may|may now) (.*)$", permissions),
  about("gives ¤ to ", ({ title, codes }) => [
    `access: ${title}`,
    ...codes.slice(3).map((subject) => `access: ${title} ${subject}`),
  ]),
  about("changes (.*), which Kubernetes does not allow: the upgrade will fail$", refused),
  about("changes (.*), which Kubernetes turns down unless ", () => []),
];

/** "¤, ¤ ¤; ¤ ¤ and 3 more": verbs and their targets. */
function permissions({ title, match, codes }: Read): readonly string[] {
  const left = codes.slice(2);
  const each = (match[1] ?? "").split("; ").flatMap((part) => {
    const group = left.splice(0, (part.match(/¤/g) ?? []).length);
    return group.slice(0, -1).map((verb) => `access: ${title} ${verb} ${group.at(-1)}`);
  });
  return [`access: ${title}`, ...each];
}

/** "¤ (¤ → not stated), ¤": fields, some with old and new value. */
function refused({ title, match, codes }: Read): readonly string[] {
  const words = match[1] ?? "";
  const fields: string[] = [];
  let index = 2;
  for (const part of words.split(/, (?=¤)/)) {
    fields.push(codes[index] ?? "");
    index += (part.match(/¤/g) ?? []).length;
  }
  return [`refused: ${title}`, ...fields.map((field) => `refused: ${title} ${field}`)];
}
