// One version as rendered twice by Helm: the release's resources, its hooks, and the definitions in `crds/`.

import type { Twice } from "./chance.ts";
import { roleInUpgrade } from "./hooks.ts";
import { type Manifest, readManifests, type UnreadableDocument } from "./manifests.ts";
import { isTree, same, treeAt, type ValueTree } from "./tree.ts";

export interface Rendering {
  /** Resources of the release, and hooks that run on an upgrade. */
  readonly resources: readonly Manifest[];
  /** Hooks that run at other events only: on installation, on deletion, on `helm test`. */
  readonly idleHooks: readonly Manifest[];
  /** Contents of `crds/`: Helm installs them with the first release, and never upgrades or deletes them. */
  readonly definitions: readonly Manifest[];
  readonly unreadable: readonly UnreadableDocument[];
}

/** `second`: rendered a second time, preceded by the contents of `crds/` if there are any. */
export function readRendering([first, second]: Twice<string>): Rendering {
  const one = readManifests(first);
  const other = readManifests(second).resources;
  const definitions = definitionsIn(one.resources, other);
  const others = other.filter((manifest) => !definitions.includes(manifest));
  const all = twins(one.resources, others);
  const isIdle = (manifest: Manifest) => roleInUpgrade(manifest) === "idle-hook";
  return {
    resources: all.filter((manifest) => !isIdle(manifest)),
    idleHooks: all.filter(isIdle),
    definitions,
    unreadable: one.unreadable,
  };
}

/** The additional definitions of the second rendering, which come first in it. */
function definitionsIn(one: readonly Manifest[], other: readonly Manifest[]): readonly Manifest[] {
  const isDefinition = ({ kind }: Manifest) => kind === "CustomResourceDefinition";
  const own = Map.groupBy(one.filter(isDefinition), ({ name }) => name);
  return [...Map.groupBy(other.filter(isDefinition), ({ name }) => name)].flatMap(([name, all]) =>
    all.slice(0, all.length - (own.get(name)?.length ?? 0)),
  );
}

/**
 * Pairs each resource with the same one in the other rendering. Resources with a generated name are paired in their
 * order.
 */
function twins(one: readonly Manifest[], other: readonly Manifest[]): readonly Manifest[] {
  const byName = Map.groupBy(other, identity);
  const found = one.map((manifest) => ({ manifest, twin: byName.get(identity(manifest))?.shift() }));
  const strays = Map.groupBy([...byName.values()].flat(), sort);
  const nameless = Map.groupBy(
    found.filter(({ twin }) => twin === undefined).map(({ manifest }) => manifest),
    sort,
  );
  return found.map(({ manifest, twin }) => {
    if (twin !== undefined) return withSecond(manifest, twin);
    const [mine, theirs] = [nameless.get(sort(manifest)), strays.get(sort(manifest))];
    const renamed = mine?.length === theirs?.length ? theirs?.[mine?.indexOf(manifest) ?? 0] : undefined;
    return renamed === undefined
      ? manifest
      : { ...withSecond(manifest, renamed), name: commonName(manifest.name, renamed.name) };
  });
}

function identity({ apiVersion, kind, namespace, name }: Manifest): string {
  return JSON.stringify([apiVersion, kind, namespace, name]);
}

function sort({ apiVersion, kind, namespace }: Manifest): string {
  return JSON.stringify([apiVersion, kind, namespace]);
}

function withSecond(manifest: Manifest, { content }: Manifest): Manifest {
  if (same(manifest.content, content)) return manifest;
  const [first, second] = legible(manifest.kind, [manifest.content, content]);
  return { ...manifest, content: first, second };
}

/** "migrate-…" of "migrate-x7k2p" and "migrate-b19qz". */
function commonName(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return `${/^.*[-.]/.exec(one.slice(0, length))?.[0] ?? ""}…`;
}

/** Decodes the data of a Secret that differ, so that only the generated parts of them are masked. */
function legible(kind: string, [first, second]: Twice<ValueTree>): Twice<ValueTree> {
  if (kind !== "Secret" || !isTree(first["data"]) || !isTree(second["data"])) return [first, second];
  const [one, other] = [treeAt(first, "data"), treeAt(second, "data")];
  const texts = Object.keys(one).flatMap((key) => {
    const [a, b] = [decoded(one[key]), decoded(other[key])];
    return one[key] === other[key] || a === undefined || b === undefined ? [] : [[key, a, b] as const];
  });
  const data = (tree: ValueTree, which: 1 | 2) => ({
    ...tree,
    ...Object.fromEntries(texts.map((text) => [text[0], text[which]])),
  });
  return [
    { ...first, data: data(one, 1) },
    { ...second, data: data(other, 2) },
  ];
}

/** `undefined` when it is not base64 of a text. */
function decoded(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^[A-Za-z0-9+/\s]*(?:==?\s*)?$/.test(value)) return undefined;
  try {
    const bytes = Uint8Array.from(atob(value), (character) => character.charCodeAt(0));
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return /^[\t\n\r -~\u00a0-\uffff]*$/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
