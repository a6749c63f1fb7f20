// Compares two versions as rendered by Helm: certain changes, changes on some clusters only, and what cannot be
// compared.

import type { RenderedSide, Renderings } from "../facts.ts";
import { mask, type Twice } from "../manifests/chance.ts";
import { compareManifests, type ResourceChange } from "../manifests/compare-manifests.ts";
import type { Manifest, UnreadableDocument } from "../manifests/manifests.ts";
import { inRelease } from "../manifests/release-namespace.ts";
import { type Rendering, readRendering } from "../manifests/rendering.ts";
import type { TreePath } from "../manifests/tree.ts";
import { type Conditional, conditionalChanges } from "./conditional.ts";

export interface Comparison {
  readonly before: readonly Manifest[];
  readonly after: readonly Manifest[];
  /** On every cluster that matches the environment's config. */
  readonly changes: readonly ResourceChange[];
  /** Changes that depend on API versions which the config does not state. */
  readonly conditional: Conditional;
  /** Of `crds/`, which Helm does not upgrade. */
  readonly definitions: readonly ResourceChange[];
  /** Of hooks that do not run on an upgrade. */
  readonly idleHooks: readonly ResourceChange[];
  /** Fields that differ with every rendering. */
  readonly chance: readonly MadeAnew[];
  readonly unreadable: {
    readonly before: readonly UnreadableDocument[];
    readonly after: readonly UnreadableDocument[];
  };
}

export interface MadeAnew {
  readonly manifest: Manifest;
  readonly path: TreePath;
}

type Side = Extract<RenderedSide, { kind: "rendered" }>;

/** `namespace`: the release's. */
export function compareRenderings(
  before: Side,
  after: Side,
  { unstated, namespace }: Pick<Renderings, "unstated"> & { readonly namespace: string },
): Comparison {
  const [old, now] = [read([before.first, before.second]), read([after.first, after.second])];
  const changes = compareManifests(old.resources, now.resources);
  const elsewhere =
    before.withUnstated && after.withUnstated
      ? {
          before: read(before.withUnstated).resources,
          after: read(after.withUnstated).resources,
        }
      : undefined;
  const conditional = conditionalChanges(changes, elsewhere, unstated);
  return {
    before: old.resources,
    after: now.resources,
    changes: changes.filter((change) => !conditional.doubtful.has(change)),
    conditional,
    definitions: compareManifests(old.definitions, now.definitions),
    idleHooks: compareManifests(old.idleHooks, now.idleHooks),
    chance: madeAnew([...now.resources, ...old.resources]),
    unreadable: { before: old.unreadable, after: now.unreadable },
  };

  function read(twice: Twice<string>): Rendering {
    const rendering = readRendering(twice);
    const placed = (manifests: readonly Manifest[]) => manifests.map((one) => inRelease(one, namespace));
    return {
      ...rendering,
      resources: placed(rendering.resources),
      idleHooks: placed(rendering.idleHooks),
    };
  }
}

/** Without duplicates, even if both versions have it. */
function madeAnew(manifests: readonly Manifest[]): readonly MadeAnew[] {
  const found = manifests.flatMap((manifest) =>
    manifest.second === undefined
      ? []
      : mask([manifest.content, manifest.second]).paths.map((path) => ({ manifest, path })),
  );
  const byPlace = new Map(
    found.map((one) => [
      JSON.stringify([one.manifest.kind, one.manifest.namespace, one.manifest.name, one.path]),
      one,
    ]),
  );
  return [...byPlace.values()];
}
