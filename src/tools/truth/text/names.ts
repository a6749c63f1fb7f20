// Parses lists of resources in the text: "¤ ¤, ¤; ¤ ¤ and 3 more".

import type { Sentence } from "./sections.ts";

export interface Named {
  readonly titles: readonly string[];
  /** How many more are counted but not named. */
  readonly more: number;
}

/** `release`: also the namespace that titles omit. */
export function namesIn({ words, codes }: Sentence, release: string): Named {
  const left = [...codes];
  const titles: string[] = [];
  let more = 0;
  for (const group of words.split("; ")) {
    const number = /^(?:and )?(\d+) more$/.exec(group.trim())?.[1];
    if (number !== undefined) more += Number(number);
    const [kind, ...names] = left.splice(0, (group.match(/¤/g) ?? []).length);
    for (const name of names) titles.push(titled(kind ?? "", name, release));
  }
  return { titles, more };
}

export function titled(kind: string, name: string, release: string): string {
  return `${kind} ${name.startsWith(`${release}/`) ? name.slice(release.length + 1) : name}`;
}
