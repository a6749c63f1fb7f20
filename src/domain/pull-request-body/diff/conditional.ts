// Resources that templates render only when the cluster has an API version which the config does not state. Both sides
// are rendered with and without those: what is reported as certain holds in both cases.

import { compareManifests, type ResourceChange } from "../manifests/compare-manifests.ts";
import type { Manifest } from "../manifests/manifests.ts";
import { groupVersion } from "../rendering/template-asks.ts";

export interface Conditional {
  /** Changes found without those API versions that do not exist with them; each is listed in `presence`. */
  readonly doubtful: ReadonlySet<ResourceChange>;
  readonly presence: readonly Presence[];
  /** Changes that exist only if the cluster has them. */
  readonly changes: readonly ConditionalChange[];
}

/** One side always has it, the other only if the cluster has one of these. */
export interface Presence {
  readonly manifest: Manifest;
  readonly onlySometimes: "before" | "after";
  readonly apiVersions: readonly string[];
}

export interface ConditionalChange {
  readonly change: ResourceChange;
  readonly apiVersions: readonly string[];
}

interface Sides {
  readonly before: readonly Manifest[];
  readonly after: readonly Manifest[];
}

/** `changes`: rendered without the unstated API versions; `elsewhere`: with all of them. */
export function conditionalChanges(
  changes: readonly ResourceChange[],
  elsewhere: Sides | undefined,
  unstated: readonly string[],
): Conditional {
  if (elsewhere === undefined) return { doubtful: new Set(), presence: [], changes: [] };
  const [before, after] = [namesOf(elsewhere.before), namesOf(elsewhere.after)];
  const doubtful = changes.filter(
    (change) =>
      (change.kind === "removed" && after.has(nameOf(change.before))) ||
      (change.kind === "added" && before.has(nameOf(change.after))),
  );
  const certain = new Set(
    changes.filter((change) => !doubtful.includes(change)).map((change) => nameOf(manifestOf(change))),
  );
  return {
    doubtful: new Set(doubtful),
    presence: doubtful.map((change) => ({
      manifest: manifestOf(change),
      onlySometimes: change.kind === "removed" ? "after" : "before",
      apiVersions: versionsFor(manifestOf(change), unstated),
    })),
    changes: compareManifests(elsewhere.before, elsewhere.after)
      .filter((change) => change.kind !== "relabelled" && !certain.has(nameOf(manifestOf(change))))
      .map((change) => ({ change, apiVersions: versionsFor(manifestOf(change), unstated) })),
  };
}

export function manifestOf(change: ResourceChange): Manifest {
  return change.kind === "removed" ? change.before : change.after;
}

function namesOf(manifests: readonly Manifest[]): ReadonlySet<string> {
  return new Set(manifests.map(nameOf));
}

function nameOf({ kind, namespace, name }: Manifest): string {
  return JSON.stringify([kind, namespace, name]);
}

/**
 * Its own API version, if that is one of them: a cluster without it cannot have the resource. Otherwise any of them may
 * be the condition.
 */
function versionsFor({ apiVersion }: Manifest, unstated: readonly string[]): readonly string[] {
  const own = unstated.filter((name) => groupVersion(name) === apiVersion);
  return own.length > 0 ? [apiVersion] : unstated;
}
