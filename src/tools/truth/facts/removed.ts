// Removed resources, what is lost with them, and what still refers to them.

import type { Resource, Side } from "../side.ts";
import { at, isTree, list, text, tree, trees } from "../tree.ts";
import type { Change } from "./changes.ts";
import { type Facts, may, must, together } from "./facts.ts";
import { podOf } from "./pods.ts";

const WITH_IT: { readonly [kind: string]: string } = {
  CustomResourceDefinition: "every resource of its kind",
  PersistentVolumeClaim: "its data",
  PersistentVolume: "its data",
  Namespace: "everything in it",
};

export function removalFacts({ kind, title, old, now }: Change): Facts {
  if (isHook(now ?? old)) return together();
  if (kind === "removed" && old) {
    if (isKept(old)) return must(`gone: ${title}`, `kept: ${title}`);
    const lost = WITH_IT[old.kind];
    return must(`gone: ${title}`, ...(lost === undefined ? [] : [`gone with ${title}: ${lost}`]));
  }
  if (now?.kind === "CustomResourceDefinition") return definitionFacts({ kind, title, old, now });
  const moved = old && now && old.apiVersion !== now.apiVersion && kind === "changed";
  return moved ? must(`moves: ${title} ${old.apiVersion} → ${now.apiVersion}`) : together();
}

function definitionFacts({
  kind,
  title,
  old,
  now,
}: Pick<Change, "kind" | "title"> & { old?: Resource | undefined; now: Resource }): Facts {
  if (kind === "added") return must(`definition added: ${title}`);
  if (kind !== "changed" || !old) return together();
  const served = (resource: Resource): readonly string[] =>
    list(resource.content, "spec", "versions")
      .filter((version) => at(version, "served") === true)
      .map((version) => text(version, "name"));
  const gone = served(old).filter((version) => !served(now).includes(version));
  return gone.length === 0
    ? must(`definition changes: ${title}`)
    : must(...gone.map((one) => `unserved version: ${title} ${one}`));
}

export function isHook(resource: Resource | undefined): boolean {
  return text(resource?.content, "metadata", "annotations", "helm.sh/hook") !== "";
}

function isKept({ content }: Resource): boolean {
  return text(content, "metadata", "annotations", "helm.sh/resource-policy") === "keep";
}

/** Resources that the new version still refers to and that only the old one had. */
export function danglingFacts(old: Side, now: Side): Facts {
  const had = old.resources.filter((resource) => !isKept(resource) && !isHook(resource));
  const find = (
    resources: readonly Resource[],
    { kind, name }: Named,
    from: Resource,
  ): Resource | undefined =>
    resources.find(
      (one) =>
        one.kind === kind && one.name === name && (one.namespace === from.namespace || CLUSTER.test(kind)),
    );
  return together(
    ...now.resources.flatMap((from) =>
      named(from).map((reference) => {
        const [was, is] = [find(had, reference, from), find(now.resources, reference, from)];
        if (!was) return together();
        if (!is) return together(must(`dangling: ${was.title}`), may(`dangling: ${was.title} ${from.title}`));
        const { key } = reference;
        const lost = key !== undefined && entries(was).includes(key) && !entries(is).includes(key);
        return lost
          ? together(must(`entry gone: ${is.title} ${key}`), may(`dangling: ${is.title} ${from.title}`))
          : together();
      }),
    ),
  );
}

const CLUSTER = /^(?:ClusterRole|IngressClass|PersistentVolume|PriorityClass|RuntimeClass|StorageClass)$/;

function entries({ content }: Resource): readonly string[] {
  return ["data", "stringData", "binaryData"].flatMap((field) => Object.keys(tree(content, field)));
}

interface Named {
  readonly kind: string;
  readonly name: string;
  readonly key?: string;
}

/** References by field name, anywhere in a pod and in a few other kinds. */
function named(resource: Resource): readonly Named[] {
  const pod = podOf(resource);
  const inPod = [...trees(pod)].filter((node) => at(node, "optional") !== true).flatMap(fieldsOfPod);
  const pulls = list(pod, "imagePullSecrets").map((one) => ({ kind: "Secret", name: text(one, "name") }));
  return [...inPod, ...pulls, ...byKind(resource)].filter(({ name }) => name !== "");
}

function fieldsOfPod(node: unknown): readonly Named[] {
  const of = (kind: string, ...place: readonly string[]): Named => ({ kind, name: text(node, ...place) });
  const keyed = (kind: string, field: string): readonly Named[] =>
    isTree(at(node, field)) && at(node, field, "optional") !== true
      ? [
          {
            ...of(kind, field, "name"),
            ...(text(node, field, "key") !== "" && { key: text(node, field, "key") }),
          },
        ]
      : [];
  const whole = ["configMap", "configMapRef"].flatMap((field) => keyed("ConfigMap", field));
  return [
    ...[
      of("ServiceAccount", "serviceAccountName"),
      of("PriorityClass", "priorityClassName"),
      of("Secret", "secretName"),
    ],
    ...[of("RuntimeClass", "runtimeClassName"), of("PersistentVolumeClaim", "claimName")],
    ...whole.map(({ kind, name }) => ({ kind, name })),
    ...[...keyed("Secret", "secretRef"), ...projected(node)].map(({ kind, name }) => ({ kind, name })),
    ...keyed("ConfigMap", "configMapKeyRef"),
    ...keyed("Secret", "secretKeyRef"),
  ];
}

function projected(node: unknown): readonly Named[] {
  const source = at(node, "secret");
  return isTree(source) && source["optional"] !== true && text(source, "name") !== ""
    ? [{ kind: "Secret", name: text(source, "name") }]
    : [];
}

function byKind({ kind, content }: Resource): readonly Named[] {
  const services = [...trees(content)].map((node) => ({
    kind: "Service",
    name: text(node, "service", "name"),
  }));
  switch (kind) {
    case "Ingress":
      return [
        ...services,
        { kind: "IngressClass", name: text(content, "spec", "ingressClassName") },
        ...list(content, "spec", "tls").map((entry) => ({ kind: "Secret", name: text(entry, "secretName") })),
      ];
    case "ValidatingWebhookConfiguration":
    case "MutatingWebhookConfiguration":
    case "APIService":
      return services;
    case "StatefulSet":
      return [{ kind: "Service", name: text(content, "spec", "serviceName") }];
    case "RoleBinding":
    case "ClusterRoleBinding":
      return [{ kind: text(content, "roleRef", "kind"), name: text(content, "roleRef", "name") }];
    case "HorizontalPodAutoscaler":
      return [
        {
          kind: text(content, "spec", "scaleTargetRef", "kind"),
          name: text(content, "spec", "scaleTargetRef", "name"),
        },
      ];
    case "PersistentVolumeClaim":
      return [{ kind: "StorageClass", name: text(content, "spec", "storageClassName") }];
    default:
      return [];
  }
}
