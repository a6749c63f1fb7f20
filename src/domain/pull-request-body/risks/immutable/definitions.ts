// Custom resource definitions: the fields that stored objects depend on (k8s.io/apiextensions-apiserver
// pkg/apis/apiextensions/validation/validation.go validateCustomResourceDefinitionUpdate).

import { isTree, listAt, textAt, type ValueTree, valueAt } from "../../manifests/tree.ts";
import {
  allOf,
  type ContentPair,
  fixedFields,
  type RefusedChange,
  type RefusedChanges,
} from "./refused-change.ts";

export const definitionChanges: RefusedChanges = allOf(
  fixedFields(
    [["spec", "scope"]],
    [["spec", "group"]],
    [["spec", "names", "kind"]],
    [["spec", "names", "plural"]],
  ),
  storedVersion,
);

/**
 * ValidateCustomResourceDefinitionStoredVersions: the version that objects are stored in stays until they are migrated.
 */
function storedVersion({ before, after }: ContentPair): readonly RefusedChange[] {
  const old = versionsOf(before).find((version) => valueAt(version, ["storage"]) === true);
  const name = textAt(old, "name");
  const kept = versionsOf(after).some((version) => textAt(version, "name") === name);
  return name === "" || kept
    ? []
    : [
        {
          field: "spec.versions",
          unless: `no object is stored in \`${name.replace(/[^a-z0-9]/g, "?")}\` and its name is taken from \`status.storedVersions\``,
          asARule: true,
        },
      ];
}

function versionsOf(content: ValueTree): readonly ValueTree[] {
  return listAt(content, "spec", "versions").filter(isTree);
}
