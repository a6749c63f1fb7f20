// The claims of each warning in the text, in the wording of the facts. A sentence that is not understood becomes a
// false claim, so that none goes unchecked.

import { namesIn, titled } from "./names.ts";
import { ACCESS_READERS } from "./readers/access.ts";
import { NETWORK_READERS } from "./readers/network.ts";
import { POD_READERS } from "./readers/pods.ts";
import { filled, type Reader } from "./readers/read.ts";
import { REMOVAL_READERS } from "./readers/removed.ts";
import { VALUE_READERS } from "./readers/values.ts";
import { type Sentence, sentenceOf } from "./sections.ts";

const READERS = [...VALUE_READERS, ...NETWORK_READERS, ...REMOVAL_READERS, ...POD_READERS, ...ACCESS_READERS];

export function claimsOfRisk(line: string, release: string): readonly string[] {
  const sentence = sentenceOf(line.replace(/\.$/, ""));
  const only = /^Where the cluster has (?:one of )?(¤(?:, ¤)*)(?: and \d+ more)?: /.exec(sentence.words);
  if (!only) return claims(sentence, release);
  const count = (only[1]?.match(/¤/g) ?? []).length;
  const rest = { words: sentence.words.slice(only[0].length), codes: sentence.codes.slice(count) };
  return claims(rest, release).map((claim) => `elsewhere: ${claim}`);
}

function claims(sentence: Sentence, release: string): readonly string[] {
  const { words, codes } = sentence;
  const title = titled(codes[0] ?? "", codes[1] ?? "", release);
  for (const [pattern, read] of READERS) {
    const match = pattern.exec(words);
    if (match) return read({ words, match, codes, release, title });
  }
  return shared(sentence, release) ?? [`not understood: ${words} (${codes.join(", ")})`];
}

/** One sentence about several resources: "¤ ¤, ¤; ¤ ¤: removed". */
function shared({ words, codes }: Sentence, release: string): readonly string[] | undefined {
  const [, names, said = ""] = /^(¤ ¤(?:, ¤)*(?:; (?:¤ ¤(?:, ¤)*|\d+ more))*): (.*)$/.exec(words) ?? [];
  if (names === undefined) return undefined;
  const count = (names.match(/¤/g) ?? []).length;
  const { titles, more } = namesIn({ words: names, codes: codes.slice(0, count) }, release);
  const rest = codes.slice(count);
  const found = SHARED.find(([pattern]) => pattern.test(said));
  if (!found) return undefined;
  const [pattern, claim] = found;
  const match = pattern.exec(said);
  // Resources that are only counted match any.
  const all = more === 0 ? titles : [...titles, "…"];
  return all.flatMap((title) => (match ? claim({ words: said, match, codes: rest, release, title }) : []));
}

const SHARED: readonly Reader[] = [
  [/^removed$/, ({ title }) => [`gone: ${title}`]],
  [/^definitions are added, /, ({ title }) => [`definition added: ${title}`]],
  [/^definitions change, /, ({ title }) => [`definition changes: ${title}`]],
  [/^moved from ¤ to ¤$/, ({ title, codes }) => [`moves: ${title} ${codes[0]} → ${codes[1]}`]],
  [
    /^no longer ¤(?:, ¤)* in containers$/,
    ({ title, codes }) => codes.map((what) => `lost: ${title} ${what} in *`),
  ],
  [
    /^lowered ¤ (request|limit) from/,
    ({ title, words, codes }) => [
      `less: ${title} ${filled(words.replace("lowered ", ""), codes).replace(/ of a container$/, "")}`,
    ],
  ],
  [/^no longer keeps the token/, ({ title }) => [`token: ${title}`]],
  [
    /^(¤(?:, ¤)*) changed, which Kubernetes does not allow/,
    ({ title, codes }) => [`refused: ${title}`, ...codes.map((field) => `refused: ${title} ${field}`)],
  ],
];
