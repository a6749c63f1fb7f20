// Pods that now get the token of their service account mounted
// (https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting).

import { identityOf } from "../../manifests/identity.ts";
import type { Manifest } from "../../manifests/manifests.ts";
import { podSpecOf, podTemplateOf } from "../../manifests/pod/pod-template.ts";
import { resourceName } from "../../manifests/resource-name.ts";
import { textAt, valueAt } from "../../manifests/tree.ts";
import type { Risk } from "../risk.ts";
import type { RenderedManifests } from "../rule.ts";

export function mountedTokenRisks({ before, after }: RenderedManifests): readonly Risk[] {
  const workloads = new Map(before.filter(podTemplateOf).map((manifest) => [identityOf(manifest), manifest]));
  if (workloads.size === 0) return [];
  const [old, now] = [automountOf(before), automountOf(after)];
  return after.flatMap((manifest) => {
    const was = workloads.get(identityOf(manifest));
    if (was === undefined || old(was) !== false || now(manifest) === false) return [];
    const words =
      "no longer keeps the token of its service account out of its pods (`automountServiceAccountToken: false`)";
    return [
      { level: "warning", text: `${resourceName(manifest)} ${words}`, shared: { words, by: manifest } },
    ];
  });
}

/**
 * The pod's setting, else that of its service account; `undefined` when neither is set or the account is not in these
 * manifests.
 */
function automountOf(manifests: readonly Manifest[]): (workload: Manifest) => unknown {
  const accounts = new Map(
    manifests
      .filter(({ kind }) => kind === "ServiceAccount")
      .map((account) => [identityOf(account), account]),
  );
  return (workload) => {
    const pod = podSpecOf(workload);
    const name = textAt(pod, "serviceAccountName");
    const account = accounts.get(identityOf({ kind: "ServiceAccount", namespace: workload.namespace, name }));
    return pod["automountServiceAccountToken"] ?? valueAt(account?.content, ["automountServiceAccountToken"]);
  };
}
