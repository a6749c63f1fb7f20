// Immutable fields as the documentation of the API server names them (`kubectl explain`, and
// https://kubernetes.io/docs/reference/kubernetes-api/). Coarser than its validation: only whether it refuses, and
// which field.

import { at, equal, isTree, list, type Place, text, tree } from "../tree.ts";
import type { Change } from "./changes.ts";
import { type Facts, may, must, together } from "./facts.ts";
import { amount } from "./quantity.ts";
import { isHook } from "./removed.ts";

/** Each field with the API server's default. */
type Fixed = readonly (readonly [place: Place, omitted?: unknown])[];

const SELECTOR: Fixed = [[["spec", "selector"]]];

const FIXED: { readonly [kind: string]: Fixed } = {
  Deployment: SELECTOR,
  DaemonSet: SELECTOR,
  ReplicaSet: SELECTOR,
  StatefulSet: [...SELECTOR, [["spec", "serviceName"]], [["spec", "podManagementPolicy"], "OrderedReady"]],
  RoleBinding: [[["roleRef", "name"]], [["roleRef", "kind"]]],
  ClusterRoleBinding: [[["roleRef", "name"]], [["roleRef", "kind"]]],
  Secret: [[["type"], "Opaque"]],
  IngressClass: [[["spec", "controller"]]],
  StorageClass: [
    [["provisioner"]],
    [["parameters"], {}],
    [["reclaimPolicy"], "Delete"],
    [["volumeBindingMode"], "Immediate"],
  ],
  CustomResourceDefinition: [
    [["spec", "scope"]],
    [["spec", "group"]],
    [["spec", "names", "kind"]],
    [["spec", "names", "plural"]],
  ],
  PriorityClass: [[["value"]], [["preemptionPolicy"], "PreemptLowerPriority"]],
  RuntimeClass: [[["handler"]]],
  Job: [
    [["spec", "template"]],
    [["spec", "completions"], 1],
    [["spec", "selector"]],
    [["spec", "completionMode"], "NonIndexed"],
  ],
};

export function immutableFacts({ old, now, title, kind }: Change): Facts {
  if (!old || !now || isHook(old) || isHook(now) || kind === "added") return together();
  const plain = (FIXED[now.kind] ?? []).flatMap(([place, omitted]) => {
    const [was, is] = [old, now].map(({ content }) => filled(at(content, ...place)) ?? omitted);
    return equal(was, is) ? [] : [place[0] === "roleRef" ? "roleRef" : place.join(".")];
  });
  const further = [
    ...claims(old.content, now.content, now.kind),
    ...sealed(old.content, now.content, now.kind),
  ];
  const refused = [...new Set([...plain, ...further])];
  return together(
    must(...(refused.length > 0 ? [`refused: ${title}`] : [])),
    may(...refused.map((field) => `refused: ${title} ${field}`)),
  );
}

/** Without empty values, which the API server does not store. */
function filled(value: unknown): unknown {
  if (value === null || value === "") return undefined;
  if (!isTree(value)) return value;
  const entries = Object.entries(value).flatMap(([key, child]) => {
    const kept = filled(child);
    return kept === undefined ||
      (Array.isArray(kept) && kept.length === 0) ||
      (isTree(kept) && Object.keys(kept).length === 0)
      ? []
      : [[key, kept] as const];
  });
  return Object.fromEntries(entries);
}

function claims(old: unknown, now: unknown, kind: string): readonly string[] {
  if (kind === "StatefulSet") {
    const [was, is] = [old, now].map((content) =>
      list(content, "spec", "volumeClaimTemplates").map(claimTemplate),
    );
    return equal(was, is) ? [] : ["spec.volumeClaimTemplates"];
  }
  if (kind !== "PersistentVolumeClaim") return [];
  const fields = ["accessModes", "volumeMode", "selector", "dataSource"].filter((field) => {
    const [was, is] = [old, now].map(
      (content) => at(content, "spec", field) ?? (field === "volumeMode" ? "Filesystem" : undefined),
    );
    return !equal(was, is);
  });
  const classes = [old, now].map((content) => at(content, "spec", "storageClassName"));
  const size = [old, now].map(
    (content) => amount(at(content, "spec", "resources", "requests", "storage")) ?? 0,
  );
  return [
    ...fields.map((field) => `spec.${field}`),
    ...(classes[0] !== undefined && classes[0] !== classes[1] ? ["spec.storageClassName"] : []),
    ...((size[1] ?? 0) < (size[0] ?? 0) ? ["spec.resources.requests.storage"] : []),
  ];
}

function claimTemplate(template: unknown): unknown {
  const { labels, annotations, name } = tree(template, "metadata");
  const spec = tree(filled(at(template, "spec")));
  const size = amount(at(spec, "resources", "requests", "storage"));
  const { resources: _size, ...rest } = spec;
  return filled({ labels, annotations, name, spec: { volumeMode: "Filesystem", ...rest, size } });
}

function sealed(old: unknown, now: unknown, kind: string): readonly string[] {
  const closed = /^(?:ConfigMap|Secret)$/.test(kind) && at(old, "immutable") === true;
  const parts = ["data", "binaryData", "stringData"].filter((part) => !equal(at(old, part), at(now, part)));
  const open = closed && at(now, "immutable") !== true ? ["immutable"] : [];
  const service = kind === "Service" ? address(old, now) : [];
  return [...(closed ? parts : []).map(() => "data"), ...open, ...service];
}

function address(old: unknown, now: unknown): readonly string[] {
  const [was, is] = [text(old, "spec", "clusterIP"), text(now, "spec", "clusterIP")];
  const external = [old, now].some((content) => text(content, "spec", "type") === "ExternalName");
  return !external && is !== "" && was !== is && (was !== "" || is === "None") ? ["spec.clusterIP"] : [];
}
