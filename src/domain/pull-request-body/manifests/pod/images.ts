// The container images in manifests.

import type { Manifest } from "../manifests.ts";
import { isTree } from "../tree.ts";
import { imagesInWords } from "./image-in-words.ts";

/** One image repository with the tags or digests in use. */
export interface ImageMove {
  readonly repository: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/**
 * Every image text, without duplicates, in the order of the manifests: the `image` of everything that looks like a
 * container, and images in arguments and environment.
 */
export function imagesOf(manifests: readonly Manifest[]): readonly string[] {
  const found = new Set<string>();
  for (const { content } of manifests) collect(content, found);
  return [...found];
}

/** Any tree with a text `image` counts as a container: in pod templates, cron jobs, custom resources. */
function collect(node: unknown, found: Set<string>): void {
  if (Array.isArray(node)) for (const item of node) collect(item, found);
  if (!isTree(node)) return;
  const image = node["image"];
  if (typeof image === "string" && /^[\w./:@-]{1,500}$/.test(image)) {
    found.add(image);
    for (const named of imagesInWords(node)) found.add(named);
  }
  for (const child of Object.values(node)) collect(child, found);
}

/** Repositories whose tags differ between both renderings, by name. */
export function imageMoves(before: readonly Manifest[], after: readonly Manifest[]): readonly ImageMove[] {
  const [old, now] = [byRepository(imagesOf(before)), byRepository(imagesOf(after))];
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((repository) => ({
      repository,
      before: old.get(repository) ?? [],
      after: now.get(repository) ?? [],
    }))
    .filter((move) => move.before.join() !== move.after.join())
    .sort((a, b) => (a.repository < b.repository ? -1 : 1));
}

function byRepository(images: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const tags = new Map<string, readonly string[]>();
  for (const image of images) {
    const { repository, tag } = parseImage(image);
    tags.set(repository, [...(tags.get(repository) ?? []), tag].sort());
  }
  return tags;
}

/** A colon before the last slash is the port of a registry; without a tag Kubernetes takes `latest`. */
export function parseImage(image: string): { readonly repository: string; readonly tag: string } {
  const match = /^(?<repository>.+?)(?:@(?<digest>[^@]+)|:(?<tag>[^:/@]+)(?:@(?<pinned>[^@]+))?)?$/.exec(
    image,
  );
  const { repository = image, digest, tag, pinned } = match?.groups ?? {};
  return {
    repository,
    tag: [tag, digest ?? pinned].filter((part) => part !== undefined).join("@") || "latest",
  };
}
