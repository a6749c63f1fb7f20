// A change that the API server turns down.

import { stored } from "../../manifests/api-server/stored.ts";
import { dotted, same, type TreePath, type ValueTree, valueAt } from "../../manifests/tree.ts";

export interface RefusedChange {
  /** Path of the field, as in `kubectl explain`: "spec.selector". */
  readonly field: string;
  /** "the claim has that class already": when it lets the change pass all the same; absent when it never does. */
  readonly unless?: string;
  /** The condition is seldom met: the upgrade fails as a rule. */
  readonly asARule?: true;
}

/** The contents of one resource before and after an upgrade. */
export interface ContentPair {
  readonly before: ValueTree;
  readonly after: ValueTree;
}

/** What of one kind is turned down. What both leave out is not touched, whatever the cluster has there. */
export type RefusedChanges = (pair: ContentPair) => readonly RefusedChange[];

/** Fields that may never change, each with what the API server fills in where it is left out. */
export function fixedFields(
  ...fields: readonly (readonly [path: TreePath, omitted?: unknown])[]
): RefusedChanges {
  return ({ before, after }) =>
    fields
      .filter(([path, omitted]) => {
        const [old, now] = [before, after].map((content) => stored(valueAt(content, path), path.at(-1)));
        return (old !== undefined || now !== undefined) && !same(old ?? omitted, now ?? omitted);
      })
      .map(([path]) => ({ field: dotted(path) }));
}

/** All that these rules turn down. */
export function allOf(...rules: readonly RefusedChanges[]): RefusedChanges {
  return (pair) => rules.flatMap((rule) => rule(pair));
}
