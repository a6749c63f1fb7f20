// Removed resources and custom resource definitions: what goes with them does not come back.

import type { ResourceChange } from "./compare-manifests.ts";
import type { Manifest } from "./manifests.ts";
import { resourceName } from "./resource-name.ts";
import type { Risk } from "./risk.ts";
import { listAt, textAt } from "./tree.ts";

export function removalRisks(change: ResourceChange): readonly Risk[] {
  if (change.kind === "removed") return removed(change.before);
  if (change.kind === "changed" && change.before.kind === "CustomResourceDefinition")
    return definition(change.before, change.after);
  if (change.kind === "changed" && change.before.apiVersion !== change.after.apiVersion)
    return [apiVersion(change.before, change.after)];
  if (change.kind === "added" && change.after.kind === "CustomResourceDefinition") {
    return [
      {
        level: "warning",
        text: `${resourceName(change.after)} is added: definitions hold for the whole cluster`,
      },
    ];
  }
  return [];
}

function removed(manifest: Manifest): readonly Risk[] {
  const name = resourceName(manifest);
  if (textAt(manifest.content, "metadata", "annotations", "helm.sh/resource-policy") === "keep") {
    return [
      {
        level: "warning",
        text: `${name} is removed from the chart, and stays in the cluster (\`helm.sh/resource-policy: keep\`)`,
      },
    ];
  }
  switch (manifest.kind) {
    case "CustomResourceDefinition":
      return [{ level: "danger", text: `${name} is removed, and every resource of its kind with it` }];
    case "PersistentVolumeClaim":
    case "PersistentVolume":
      return [{ level: "danger", text: `${name} is removed, and perhaps its data with it` }];
    case "StatefulSet":
    case "Namespace":
      return [{ level: "danger", text: `${name} is removed` }];
    case "NetworkPolicy":
      return [{ level: "danger", text: `${name} is removed: what it kept out can come in` }];
    default:
      return [{ level: "warning", text: `${name} is removed` }];
  }
}

function definition(before: Manifest, after: Manifest): readonly Risk[] {
  const served = new Set(servedVersions(after));
  const gone = servedVersions(before).filter((version) => !served.has(version));
  const name = resourceName(after);
  return gone.length === 0
    ? [{ level: "warning", text: `${name} changes: definitions hold for the whole cluster` }]
    : [
        {
          level: "danger",
          text: `${name} no longer serves ${gone.map((version) => `\`${version}\``).join(", ")}`,
        },
      ];
}

function servedVersions({ content }: Manifest): readonly string[] {
  return listAt(content, "spec", "versions")
    .filter((version) => textAt(version, "name").match(/^[a-z0-9]{1,63}$/))
    .filter((version) => isServed(version))
    .map((version) => textAt(version, "name"));
}

function isServed(version: unknown): boolean {
  return typeof version === "object" && version !== null && "served" in version && version.served === true;
}

function apiVersion(before: Manifest, after: Manifest): Risk {
  const [from, to] = [before, after].map(
    ({ apiVersion: version }) => `\`${version.replace(/[^\w./-]/g, "?")}\``,
  );
  return { level: "warning", text: `${resourceName(after)} moves from ${from} to ${to}` };
}
