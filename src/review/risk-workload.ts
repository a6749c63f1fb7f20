// Workloads that get less, or are let do more: replicas, resources, privileges, network.

import type { ResourceChange } from "./compare-manifests.ts";
import { clip, code } from "./escape.ts";
import type { Manifest } from "./manifests.ts";
import { quantity } from "./quantity.ts";
import { resourceName } from "./resource-name.ts";
import type { Risk } from "./risk.ts";
import { isTree, listAt, type Path, type Tree, textAt, treeAt, valueAt } from "./tree.ts";

export function workloadRisks(change: ResourceChange): readonly Risk[] {
  if (change.kind === "removed" || change.kind === "relabelled") return [];
  const { after } = change;
  const before = change.kind === "changed" ? change.before : undefined;
  const name = resourceName(after);
  const findings = [
    ...(before === undefined
      ? []
      : [...replicas(before, after), ...resources(before, after), ...networkPolicy(before, after)]),
    ...privileges(before, after),
    ...exposure(before, after),
  ];
  return findings.map(({ level, text }) => ({ level, text: `${name} ${text}` }));
}

const COUNTS: readonly Path[] = [
  ["spec", "replicas"],
  ["spec", "minReplicas"],
  ["spec", "maxReplicas"],
  ["spec", "minAvailable"],
];

function replicas(before: Manifest, after: Manifest): readonly Risk[] {
  return COUNTS.flatMap((path) => {
    const [old, now] = [valueAt(before.content, path), valueAt(after.content, path)];
    if (typeof old !== "number" || typeof now !== "number" || now >= old) return [];
    return [
      {
        level: now === 0 ? "danger" : "warning",
        text: `lowers \`${path.at(-1)}\` from ${old} to ${now}`,
      } as const,
    ];
  });
}

function resources(before: Manifest, after: Manifest): readonly Risk[] {
  const old = new Map(containersOf(before).map((container) => [textAt(container, "name"), container]));
  return containersOf(after).flatMap((container) => {
    const name = textAt(container, "name");
    return lowered(treeAt(old.get(name), "resources"), treeAt(container, "resources")).map(
      (text): Risk => ({
        level: "warning",
        text: `lowers the ${text} of container ${code(clip(name, 100))}`,
      }),
    );
  });
}

/** Requests and limits that went down. A limit taken away is no lowering; a request taken away is. */
function lowered(before: Tree, after: Tree): readonly string[] {
  return ["requests", "limits"].flatMap((kind) =>
    Object.entries(treeAt(before, kind)).flatMap(([resource, value]) => {
      const now = treeAt(after, kind)[resource] ?? (kind === "requests" ? 0 : undefined);
      const [old, is] = [quantity(value), quantity(now)];
      if (old === undefined || is === undefined || is >= old) return [];
      return [`${code(clip(resource, 60))} ${kind.slice(0, -1)} from ${amount(value)} to ${amount(now)}`];
    }),
  );
}

function amount(value: unknown): string {
  return value === 0 ? "nothing" : code(clip(typeof value === "string" ? value : JSON.stringify(value), 40));
}

function networkPolicy(before: Manifest, after: Manifest): readonly Risk[] {
  return before.kind === "NetworkPolicy" && after.kind === "NetworkPolicy"
    ? [{ level: "warning", text: "changes what may reach what" }]
    : [];
}

/** What a pod is let do to its node, each once: only what it was not let do before. */
function privileges(before: Manifest | undefined, after: Manifest): readonly Risk[] {
  const had = new Set(before === undefined ? [] : privilegesOf(before));
  const gained = privilegesOf(after).filter((privilege) => !had.has(privilege));
  return gained.length === 0
    ? []
    : [
        {
          level: "danger",
          text: `gains ${[...new Set(gained)].map((privilege) => code(clip(privilege, 80))).join(", ")}`,
        },
      ];
}

function privilegesOf(manifest: Manifest): readonly string[] {
  const pod = podSpecOf(manifest);
  const host = ["hostNetwork", "hostPID", "hostIPC"].filter((field) => pod[field] === true);
  const paths = listAt(pod, "volumes").flatMap((volume) => {
    const path = textAt(volume, "hostPath", "path");
    return path === "" ? [] : [`hostPath ${path}`];
  });
  return [...host, ...paths, ...containersOf(manifest).flatMap(containerPrivileges)];
}

function containerPrivileges(container: unknown): readonly string[] {
  const context = treeAt(container, "securityContext");
  const flags = ["privileged", "allowPrivilegeEscalation"].filter((field) => context[field] === true);
  const added = listAt(context, "capabilities", "add").map(
    (capability) => `capability ${JSON.stringify(capability).replaceAll('"', "")}`,
  );
  return [...flags, ...(context["runAsUser"] === 0 ? ["runAsUser 0"] : []), ...added];
}

/** A service that the outside can reach and could not before. */
function exposure(before: Manifest | undefined, { kind, content }: Manifest): readonly Risk[] {
  const type = textAt(content, "spec", "type");
  if (kind !== "Service" || (type !== "LoadBalancer" && type !== "NodePort")) return [];
  return before !== undefined && textAt(before.content, "spec", "type") === type
    ? []
    : [{ level: "warning", text: `becomes reachable from outside (\`${type}\`)` }];
}

function containersOf(manifest: Manifest): readonly unknown[] {
  const pod = podSpecOf(manifest);
  return [...listAt(pod, "initContainers"), ...listAt(pod, "containers")].filter(isTree);
}

/** The pod that a workload makes; an empty tree for anything else. */
function podSpecOf({ kind, content }: Manifest): Tree {
  if (kind === "Pod") return treeAt(content, "spec");
  if (kind === "CronJob") return treeAt(content, "spec", "jobTemplate", "spec", "template", "spec");
  return treeAt(content, "spec", "template", "spec");
}
