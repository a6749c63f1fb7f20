// Access to the node that pods did not have before.

import type { ResourceChange } from "../../manifests/compare-manifests.ts";
import type { Manifest } from "../../manifests/manifests.ts";
import { podSpecOf } from "../../manifests/pod/pod-template.ts";
import { resourceName } from "../../manifests/resource-name.ts";
import { listAt, textAt, treeAt, type ValueTree } from "../../manifests/tree.ts";
import { clip, code } from "../../markdown/escape.ts";
import type { Risk } from "../risk.ts";
import { containerPairs } from "./container-pairs.ts";

export function privilegeRisks(change: ResourceChange): readonly Risk[] {
  if (change.kind === "removed" || change.kind === "relabelled") return [];
  const { after } = change;
  const before = change.kind === "changed" ? change.before : undefined;
  const gained = [
    ...withoutImplied(without(ofPod(after), before === undefined ? [] : ofPod(before))),
    ...containerPairs(before, after).flatMap((pair) => {
      const had = pair.before === undefined || before === undefined ? [] : ofContainer(pair.before, before);
      const what = withoutImplied(without(ofContainer(pair.after, after), had));
      return what.map((words) => `in container ${code(clip(pair.name, 100))} ${words}`);
    }),
  ];
  const shown = gained.slice(0, 6).join("; ") + (gained.length > 6 ? ` and ${gained.length - 6} more` : "");
  return gained.length === 0 ? [] : [{ level: "danger", text: `${resourceName(after)} gains ${shown}` }];
}

function withoutImplied(privileges: readonly string[]): readonly string[] {
  const shown = privileges.slice(0, 8).map((one) => code(clip(one, 80)));
  const more = privileges.length > 8 ? ` and ${privileges.length - 8} more` : "";
  return privileges.length === 0 ? [] : [shown.join(", ") + more];
}

function without(all: readonly string[], had: readonly string[]): readonly string[] {
  const known = new Set(had);
  return [...new Set(all)].filter((one) => !known.has(one));
}

/** Of the pod as a whole: host namespaces and host paths. */
function ofPod(manifest: Manifest): readonly string[] {
  const pod = podSpecOf(manifest);
  const host = ["hostNetwork", "hostPID", "hostIPC"].filter((field) => pod[field] === true);
  const windows = treeAt(pod, "securityContext", "windowsOptions")["hostProcess"] === true;
  return [
    ...host,
    ...(windows ? ["hostProcess"] : []),
    ...[...hostPaths(pod).values()].map((path) => `hostPath ${path}`),
  ];
}

/** By volume name. */
function hostPaths(pod: ValueTree): ReadonlyMap<string, string> {
  const entries = listAt(pod, "volumes").map(
    (volume) => [textAt(volume, "name"), textAt(volume, "hostPath", "path")] as const,
  );
  return new Map(entries.filter(([, path]) => path !== ""));
}

function ofContainer(container: ValueTree, manifest: Manifest): readonly string[] {
  const pod = podSpecOf(manifest);
  const own = treeAt(container, "securityContext");
  const context = { ...treeAt(pod, "securityContext"), ...own };
  const added = listAt(own, "capabilities", "add").filter((capability) => typeof capability === "string");
  return [
    ...(own["privileged"] === true ? ["privileged"] : []),
    ...(context["runAsUser"] === 0 ? ["runAsUser 0"] : []),
    ...added.map((capability) => `capability ${capability}`),
    ...(own["procMount"] === "Unmasked" ? ["procMount Unmasked"] : []),
    ...(textAt(context, "seccompProfile", "type") === "Unconfined" ? ["seccompProfile Unconfined"] : []),
    ...hostMounts(container, pod),
    ...hostPorts(container),
  ];
}

function hostMounts(container: ValueTree, pod: ValueTree): readonly string[] {
  const paths = hostPaths(pod);
  return listAt(container, "volumeMounts").flatMap((mount) => {
    const path = paths.get(textAt(mount, "name"));
    return path === undefined ? [] : [`hostPath ${path}`];
  });
}

function hostPorts(container: ValueTree): readonly string[] {
  return listAt(container, "ports").flatMap((port) => {
    const { hostPort } = treeAt(port);
    return typeof hostPort === "number" && hostPort > 0 ? [`hostPort ${hostPort}`] : [];
  });
}
