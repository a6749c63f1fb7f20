// Required references of a resource: for pods, the volumes, secrets and accounts that they use; for others, such as an
// Ingress, their targets.

import { groupKind } from "../../manifests/group-kind.ts";
import type { Manifest } from "../../manifests/manifests.ts";
import { containersOf, podSpecOf } from "../../manifests/pod/pod-template.ts";
import { isTree, listAt, textAt, treeAt, valueAt } from "../../manifests/tree.ts";

export interface Reference {
  /** In the format of `groupKind`. */
  readonly groupKind: string;
  readonly name: string;
  /** The key of a ConfigMap or Secret. */
  readonly key?: string;
}

/** Without references marked `optional` and without empty names. */
export function referencesOf(manifest: Manifest): readonly Reference[] {
  return [...podReferences(manifest), ...(OTHERS.get(groupKind(manifest))?.(manifest) ?? [])].filter(
    ({ name }) => name !== "",
  );
}

function podReferences(manifest: Manifest): readonly Reference[] {
  const pod = podSpecOf(manifest);
  const containers = containersOf(manifest);
  return [
    to("ServiceAccount", textAt(pod, "serviceAccountName") || textAt(pod, "serviceAccount")),
    to("PriorityClass.scheduling.k8s.io", textAt(pod, "priorityClassName")),
    to("RuntimeClass.node.k8s.io", textAt(pod, "runtimeClassName")),
    ...listAt(pod, "imagePullSecrets").map((secret) => to("Secret", textAt(secret, "name"))),
    ...listAt(pod, "volumes").flatMap(volumeReferences),
    ...containers.flatMap((container) => listAt(container, "envFrom").flatMap(sourceReferences)),
    ...containers.flatMap((container) =>
      listAt(container, "env").flatMap((variable) => keyReferences(treeAt(variable, "valueFrom"))),
    ),
  ];
}

function to(kind: string, name: string): Reference {
  return { groupKind: kind, name };
}

function volumeReferences(volume: unknown): readonly Reference[] {
  return [
    to("PersistentVolumeClaim", textAt(volume, "persistentVolumeClaim", "claimName")),
    ...unlessOptional(treeAt(volume, "secret"), to("Secret", textAt(volume, "secret", "secretName"))),
    ...unlessOptional(treeAt(volume, "configMap"), to("ConfigMap", textAt(volume, "configMap", "name"))),
    ...listAt(volume, "projected", "sources").flatMap((source) => [
      ...unlessOptional(treeAt(source, "secret"), to("Secret", textAt(source, "secret", "name"))),
      ...unlessOptional(treeAt(source, "configMap"), to("ConfigMap", textAt(source, "configMap", "name"))),
    ]),
  ];
}

function sourceReferences(source: unknown): readonly Reference[] {
  return [
    ...unlessOptional(
      treeAt(source, "configMapRef"),
      to("ConfigMap", textAt(source, "configMapRef", "name")),
    ),
    ...unlessOptional(treeAt(source, "secretRef"), to("Secret", textAt(source, "secretRef", "name"))),
  ];
}

function keyReferences(valueFrom: unknown): readonly Reference[] {
  return (["ConfigMap", "Secret"] as const).flatMap((kind) => {
    const ref = treeAt(valueFrom, kind === "Secret" ? "secretKeyRef" : "configMapKeyRef");
    return unlessOptional(ref, { ...to(kind, textAt(ref, "name")), key: textAt(ref, "key") });
  });
}

function unlessOptional(source: unknown, reference: Reference): readonly Reference[] {
  return valueAt(source, ["optional"]) === true ? [] : [reference];
}

type References = (manifest: Manifest) => readonly Reference[];

const webhooks: References = ({ content }) =>
  listAt(content, "webhooks").map((hook) => to("Service", textAt(hook, "clientConfig", "service", "name")));

const role: References = ({ content }) => [
  to(`${textAt(content, "roleRef", "kind")}.rbac.authorization.k8s.io`, textAt(content, "roleRef", "name")),
];

const OTHERS: ReadonlyMap<string, References> = new Map(
  Object.entries<References>({
    "Ingress.networking.k8s.io": ingress,
    "StatefulSet.apps": ({ content }) => [to("Service", textAt(content, "spec", "serviceName"))],
    PersistentVolumeClaim: ({ content }) => [
      to("StorageClass.storage.k8s.io", textAt(content, "spec", "storageClassName")),
      to("PersistentVolume", textAt(content, "spec", "volumeName")),
    ],
    "RoleBinding.rbac.authorization.k8s.io": role,
    "ClusterRoleBinding.rbac.authorization.k8s.io": role,
    "ValidatingWebhookConfiguration.admissionregistration.k8s.io": webhooks,
    "MutatingWebhookConfiguration.admissionregistration.k8s.io": webhooks,
    "APIService.apiregistration.k8s.io": ({ content }) => [
      to("Service", textAt(content, "spec", "service", "name")),
    ],
    "HorizontalPodAutoscaler.autoscaling": scaleTarget,
  }),
);

function ingress({ content }: Manifest): readonly Reference[] {
  const backends = [
    treeAt(content, "spec", "defaultBackend"),
    ...listAt(content, "spec", "rules").flatMap((rule) =>
      listAt(rule, "http", "paths").map((path) => treeAt(path, "backend")),
    ),
  ].filter(isTree);
  return [
    to("IngressClass.networking.k8s.io", textAt(content, "spec", "ingressClassName")),
    ...listAt(content, "spec", "tls").map((entry) => to("Secret", textAt(entry, "secretName"))),
    ...backends.map((backend) => to("Service", textAt(backend, "service", "name"))),
  ];
}

function scaleTarget({ content }: Manifest): readonly Reference[] {
  const target = treeAt(content, "spec", "scaleTargetRef");
  const kind = groupKind({ apiVersion: textAt(target, "apiVersion"), kind: textAt(target, "kind") });
  return [to(kind, textAt(target, "name"))];
}
