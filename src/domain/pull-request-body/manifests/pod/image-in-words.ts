// Images in the arguments and environment of containers: those that they start themselves, such as an operator's
// sidecars and jobs.

import { isTree, listAt, textAt } from "../tree.ts";

/** Of a container: of its command, its arguments and its environment. */
export function imagesInWords(container: unknown): readonly string[] {
  const words = [...listAt(container, "command"), ...listAt(container, "args")];
  const texts = words.filter((word) => typeof word === "string");
  return [
    ...texts.flatMap((word, index) => imagesInArgument(word, texts[index - 1] ?? "")),
    ...listAt(container, "env")
      .filter(isTree)
      .flatMap((variable) => imageIn(textAt(variable, "value"), textAt(variable, "name"))),
  ];
}

const FLAG = /^--?[\w.-]{1,100}$/;

/** `--image=a:1`, `image=a:1`, or a separate word that may belong to the flag before it. */
function imagesInArgument(word: string, before: string): readonly string[] {
  const assigned = /^(?<name>--?[\w.-]{1,100}|[\w.-]{1,100})=(?<value>.+)$/.exec(word)?.groups;
  return assigned === undefined
    ? imageIn(word, FLAG.test(before) ? before : "")
    : imageIn(assigned["value"] ?? "", assigned["name"] ?? "");
}

const PART = "[a-z0-9]+(?:[._-]{1,2}[a-z0-9]+)*";
const VERSION = "(?::[A-Za-z0-9_][\\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?";

/** With a registry: a host with a dot or a port, and a path. */
const HOSTED = new RegExp(`^(?:[a-z0-9-]+\\.[a-z0-9.-]+|localhost)(?::\\d{1,5})?(?:/${PART})+${VERSION}$`);
const ANY = new RegExp(`^${PART}(?::\\d{1,5}(?=/))?(?:/${PART})*${VERSION}$`);

/**
 * Only unambiguous ones, since they are looked up in their registry: a reference with a tag or digest that has a
 * registry, or whose variable or flag is named after an image.
 */
function imageIn(value: string, name: string): readonly string[] {
  if (value.length > 400 || !/:[^:/]+$/.test(value) || /^\w+:\/\//.test(value)) return [];
  const named = /image/i.test(name) && !/(?:policy|secrets?)$/i.test(name);
  const isPort = /:\d{1,5}$/.test(value);
  return (named && ANY.test(value)) || (HOSTED.test(value) && !isPort) ? [value] : [];
}
