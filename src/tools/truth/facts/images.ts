// Changed container images: from every `image` field, and from arguments and variables that name an image.

import type { Resource, Side } from "../side.ts";
import { at, list, text, trees, word } from "../tree.ts";
import { type Facts, must } from "./facts.ts";

export function imageFacts(old: Side, now: Side): Facts {
  const [was, is] = [imagesOf(old.resources), imagesOf(now.resources)];
  const repositories = [...new Set([...was.keys(), ...is.keys()])];
  return must(
    ...repositories.flatMap((repository) => {
      const [before, after] = [was, is].map((tags) => [...(tags.get(repository) ?? [])].sort().join(", "));
      return before === after ? [] : [`image: ${repository} ${before || "–"} → ${after || "–"}`];
    }),
  );
}

function imagesOf(resources: readonly Resource[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { content } of resources) {
    for (const node of trees(content)) {
      const image = text(node, "image");
      if (!/^[\w./:@-]+$/.test(image)) continue;
      for (const one of [image, ...inWords(node)]) {
        const [repository, tag] = parted(one);
        found.set(repository, (found.get(repository) ?? new Set()).add(tag));
      }
    }
  }
  return found;
}

function parted(image: string): readonly [repository: string, tag: string] {
  const [named = "", digest] = image.split("@");
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  const [repository, tag] =
    colon === -1 ? [named, undefined] : [named.slice(0, colon), named.slice(colon + 1)];
  return [repository, [tag, digest].filter((part) => part !== undefined).join("@") || "latest"];
}

/** `--sidecar-image=a:1`, `--sidecar-image a:1`, and the same in the environment. */
function inWords(container: unknown): readonly string[] {
  const words = [...list(container, "command"), ...list(container, "args")].map((word) =>
    typeof word === "string" ? word : "",
  );
  const argued = words.map((word, index) => {
    const [, name, value] = /^(-{0,2}[\w.-]+)=(.+)$/.exec(word) ?? [];
    return name === undefined
      ? ([/^-/.test(words[index - 1] ?? "") ? (words[index - 1] ?? "") : "", word] as const)
      : ([name, value ?? ""] as const);
  });
  const set = list(container, "env").map((entry) => [text(entry, "name"), word(at(entry, "value"))] as const);
  return [...argued, ...set].filter(([name, value]) => isImage(name, value)).map(([, value]) => value);
}

function isImage(name: string, value: string): boolean {
  if (!/^(?:[a-z0-9.-]+(?::\d+)?\/)?[a-z0-9][a-z0-9._/-]*(?::[\w.-]+)?(?:@sha256:[0-9a-f]{64})?$/.test(value))
    return false;
  if (!/:[^:/]+$/.test(value)) return false;
  const speaks = /image/i.test(name) && !/(?:policy|secrets?)$/i.test(name);
  const hosted = /^(?:localhost|[a-z0-9-]+\.[a-z0-9.-]+)(?::\d+)?\//.test(value);
  return speaks || (hosted && !/:\d{1,5}$/.test(value));
}
