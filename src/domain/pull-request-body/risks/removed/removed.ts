// Removed resources, changed API versions, and custom resource definitions that are added or changed.

import type { ResourceChange } from "../../manifests/compare-manifests.ts";
import { groupKind } from "../../manifests/group-kind.ts";
import type { Manifest } from "../../manifests/manifests.ts";
import { resourceName } from "../../manifests/resource-name.ts";
import { listAt, textAt, treeAt } from "../../manifests/tree.ts";
import { clip, code } from "../../markdown/escape.ts";
import type { Risk } from "../risk.ts";

const DEFINITION = "CustomResourceDefinition.apiextensions.k8s.io";

export function removalRisks(change: ResourceChange): readonly Risk[] {
  switch (change.kind) {
    case "removed":
      return [removed(change.before)];
    case "added":
      return groupKind(change.after) === DEFINITION
        ? [
            {
              level: "warning",
              text: `${resourceName(change.after)} is added: definitions hold for the whole cluster`,
              shared: { words: "definitions are added, and hold for the whole cluster", by: change.after },
            },
          ]
        : [];
    case "changed":
      if (groupKind(change.before) === DEFINITION) return [definition(change.before, change.after)];
      return change.before.apiVersion === change.after.apiVersion
        ? []
        : [apiVersion(change.before, change.after)];
    case "relabelled":
      return [];
  }
}

/** Whether Helm keeps the resource in the cluster when the chart no longer has it. */
export function isKept({ content }: Manifest): boolean {
  return textAt(content, "metadata", "annotations", "helm.sh/resource-policy") === "keep";
}

function removed(manifest: Manifest): Risk {
  const name = resourceName(manifest);
  if (isKept(manifest)) {
    const text = `${name} is removed from the chart, and stays in the cluster (\`helm.sh/resource-policy: keep\`)`;
    return { level: "warning", text, removes: manifest };
  }
  const removal = {
    text: `${name} is removed${lostWith(manifest)}`,
    removes: manifest,
    plain: true,
  } as const;
  return LOST.has(groupKind(manifest))
    ? { level: "danger", ...removal }
    : { level: "warning", ...removal, shared: { words: "removed", by: manifest } };
}

/** What is lost with the resource, to follow the sentence about its removal; "" for nothing. */
export function lostWith(manifest: Manifest): string {
  return LOST.get(groupKind(manifest)) ?? "";
}

/** What is lost with a resource, by kind. */
const LOST: ReadonlyMap<string, string> = new Map([
  [DEFINITION, ", and every resource of its kind with it"],
  ["PersistentVolumeClaim", ", and perhaps its data with it"],
  ["PersistentVolume", ", and perhaps its data with it"],
  ["StatefulSet.apps", ""],
  ["Namespace", ", and everything in it"],
]);

function definition(before: Manifest, after: Manifest): Risk {
  const served = new Set(servedVersions(after));
  const gone = servedVersions(before).filter((version) => !served.has(version));
  const name = resourceName(after);
  return gone.length === 0
    ? {
        level: "warning",
        text: `${name} changes: definitions hold for the whole cluster`,
        shared: { words: "definitions change, and hold for the whole cluster", by: after },
      }
    : {
        level: "danger",
        text: `${name} no longer serves ${gone.map((version) => code(clip(version, 63))).join(", ")}`,
      };
}

function servedVersions({ content }: Manifest): readonly string[] {
  return listAt(content, "spec", "versions")
    .filter((version) => treeAt(version)["served"] === true)
    .map((version) => textAt(version, "name"));
}

function apiVersion(before: Manifest, after: Manifest): Risk {
  const [from, to] = [before, after].map(({ apiVersion: version }) => code(clip(version, 120)));
  return {
    level: "warning",
    text: `${resourceName(after)} moves from ${from} to ${to}`,
    shared: { words: `moved from ${from} to ${to}`, by: after },
  };
}
