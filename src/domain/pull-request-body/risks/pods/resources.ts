// Containers with lower requests or limits.

import type { ResourceChange } from "../../manifests/compare-manifests.ts";
import { quantity } from "../../manifests/quantity.ts";
import { resourceName } from "../../manifests/resource-name.ts";
import { treeAt, type ValueTree } from "../../manifests/tree.ts";
import { clip, code } from "../../markdown/escape.ts";
import type { Risk } from "../risk.ts";
import { containerPairs } from "./container-pairs.ts";

export function resourceRisks(change: ResourceChange): readonly Risk[] {
  if (change.kind !== "changed") return [];
  return containerPairs(change.before, change.after).flatMap(({ name, before, after }) =>
    lowered(treeAt(before, "resources"), treeAt(after, "resources")).map(
      (what): Risk => ({
        level: "warning",
        text: `${resourceName(change.after)} lowers the ${what} of container ${code(clip(name, 100))}`,
        shared: { words: `lowered ${what} of a container`, by: change.after },
      }),
    ),
  );
}

/** Requests and limits that went down. A removed request counts as lowered, a removed limit does not. */
function lowered(before: ValueTree, after: ValueTree): readonly string[] {
  return ["requests", "limits"].flatMap((kind) =>
    Object.entries(treeAt(before, kind)).flatMap(([resource, value]) => {
      const now = requestedOf(after, kind, resource);
      const [old, is] = [quantity(value), quantity(now)];
      if (old === undefined || is === undefined || is >= old) return [];
      return [`${code(clip(resource, 60))} ${kind.slice(0, -1)} from ${amount(value)} to ${amount(now)}`];
    }),
  );
}

/** An omitted request defaults to the limit. */
function requestedOf(resources: ValueTree, kind: string, resource: string): unknown {
  const stated = treeAt(resources, kind)[resource];
  return kind === "limits" ? stated : (stated ?? treeAt(resources, "limits")[resource] ?? 0);
}

function amount(value: unknown): string {
  return value === 0 ? "nothing" : code(clip(typeof value === "string" ? value : JSON.stringify(value), 40));
}
