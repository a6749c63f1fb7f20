// A change that the API server refuses.

import { stored } from "../../manifests/api-server/stored.ts";
import { dotted, same, type TreePath, type ValueTree, valueAt } from "../../manifests/tree.ts";

export interface RefusedChange {
  /** Path of the field, as in `kubectl explain`: "spec.selector". */
  readonly field: string;
  /** The condition under which the change is allowed, such as "the claim has that class already"; absent: never. */
  readonly unless?: string;
  /** The condition seldom holds: the upgrade usually fails. */
  readonly asARule?: true;
}

/** The contents of one resource before and after an upgrade. */
export interface ContentPair {
  readonly before: ValueTree;
  readonly after: ValueTree;
}

/** The refused changes of one kind. A field that both manifests omit stays as it is in the cluster. */
export type RefusedChanges = (pair: ContentPair) => readonly RefusedChange[];

/** Immutable fields, each with the API server's default for an omitted one. */
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

/** All changes that any of these rules refuses. */
export function allOf(...rules: readonly RefusedChanges[]): RefusedChanges {
  return (pair) => rules.flatMap((rule) => rule(pair));
}
