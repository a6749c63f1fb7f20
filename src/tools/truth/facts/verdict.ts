// Whether Helm accepts the new and the old version, and the conclusion of the check run that follows.

import type { Both } from "../render.ts";
import type { Stated } from "../triple.ts";
import { type Facts, may, must, together } from "./facts.ts";
import { dotted } from "./values.ts";

export function verdictFacts({ old, new: now, installation }: Both, stated: Stated, refused: boolean): Facts {
  const takes = now.side !== undefined && now.tried.ok;
  const before = old.side !== undefined && old.tried.ok;
  const failed = (!takes && before) || (refused && takes);
  const check = failed ? "failure" : takes ? "success" : "neutral";
  return together(
    installation ? may(`check: ${check}`, "check: neutral") : must(`check: ${check}`),
    ...(installation ? [must("rendered as an installation")] : []),
    ...(now.side === undefined ? [must("does not render: new")] : []),
    ...(now.side !== undefined && !now.tried.ok ? [must("refused by a schema")] : []),
    ...(old.side === undefined ? [may("does not render: old")] : []),
    ...(old.side === undefined || now.side === undefined ? [must("not compared")] : []),
    may(...[...schemaPlaces(now.tried.ok ? "" : now.tried.words, stated)].map((place) => `schema: ${place}`)),
  );
}

/** Paths that Helm names when a schema refuses values, under each chart key that they may belong to. */
function* schemaPlaces(words: string, stated: Stated): Iterable<string> {
  let chart = "";
  for (const line of words.split("\n")) {
    const head = /^([\w.-]+):$/.exec(line.trim())?.[1];
    if (head !== undefined) chart = head;
    const pointer = /- at '(.*?)': (.*)$/.exec(line);
    if (pointer === null) continue;
    const place = (pointer[1] ?? "").split("/").slice(1);
    const names = [...(pointer[2] ?? "").matchAll(/'([^']+)'/g)].map(([, name = ""]) => name);
    for (const below of [place, ...names.map((name) => [...place, name])])
      for (const above of [[], ...stated.keys.map((key) => [key]), ...stated.keys.map((key) => [key, chart])])
        yield dotted([...above, ...below]);
  }
}

/** Whether a claim is about Helm's words, and they stand in what Helm says. */
export function statedByHelm(claim: string, { old, new: now }: Both): boolean {
  const [, words] = /^helm says: ([^(]*)/.exec(claim) ?? [];
  if (words === undefined) return false;
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, "");
  const refusals = [old.tried, now.tried].map((answer) => (answer.ok ? "" : plain(answer.words)));
  const start = plain(words).slice(0, 60);
  return start !== "" && refusals.some((one) => one.includes(start));
}
