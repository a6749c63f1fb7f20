// Pods that an upgrade replaces: their template changes in more than a default that is now written out.

import type { Resource } from "../side.ts";
import { at, equal, isTree, type Tree, text, tree } from "../tree.ts";
import type { Change } from "./changes.ts";
import type { Facts } from "./facts.ts";

export function restartFacts(changes: readonly Change[]): Facts {
  const restarted = changes.flatMap(({ old, now, title }) =>
    old && now && rolls(now) && !equal(stored(template(old)), stored(template(now)))
      ? [{ title, how: strategy(now) }]
      : [],
  );
  const hows = ["rolling", "at once", "by hand"].flatMap((how) => {
    const count = restarted.filter((one) => one.how === how).length;
    return count === 0 ? [] : [`restarts ${how}: ${count}`];
  });
  return { must: hows, may: restarted.map(({ title, how }) => `restarts ${how}: ${title}`) };
}

function rolls({ apiVersion, kind, content }: Resource): boolean {
  const own = /^apps\//.test(apiVersion) && /^(?:Deployment|StatefulSet|DaemonSet)$/.test(kind);
  const argo = /^argoproj\.io\//.test(apiVersion) && kind === "Rollout";
  const hook = text(content, "metadata", "annotations", "helm.sh/hook") !== "";
  return (own || argo) && at(content, "spec", "paused") !== true && !hook;
}

function template({ content }: Resource): Tree {
  return tree(content, "spec", "template");
}

function strategy({ content }: Resource): string {
  if (text(content, "spec", "strategy", "type") === "Recreate") return "at once";
  return text(content, "spec", "updateStrategy", "type") === "OnDelete" ? "by hand" : "rolling";
}

/** Defaults of the API server, anywhere in a pod. */
const DEFAULTS: { readonly [key: string]: readonly unknown[] } = {
  protocol: ["TCP"],
  dnsPolicy: ["ClusterFirst"],
  restartPolicy: ["Always"],
  schedulerName: ["default-scheduler"],
  terminationGracePeriodSeconds: [30],
  terminationMessagePath: ["/dev/termination-log"],
  terminationMessagePolicy: ["File"],
  timeoutSeconds: [1],
  periodSeconds: [10],
  successThreshold: [1],
  failureThreshold: [3],
  scheme: ["HTTP"],
  defaultMode: [420],
  expirationSeconds: [3600],
};

/** Booleans that default to false. */
const OFF = new Set([
  "hostNetwork",
  "hostPID",
  "hostIPC",
  "stdin",
  "tty",
  "readOnly",
  "initialDelaySeconds",
  "stdinOnce",
]);

function stored(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => stored(item));
  if (!isTree(value)) return value;
  const texts = key === "labels" || key === "annotations" || key === "matchLabels" || key === "nodeSelector";
  const entries = Object.entries(value).flatMap(([name, child]) => {
    const kept = stored(child, name);
    return !texts && isNothing(name, kept, value)
      ? []
      : [[name === "serviceAccount" ? "serviceAccountName" : name, kept] as const];
  });
  return Object.fromEntries(entries);
}

function isNothing(name: string, value: unknown, within: Tree): boolean {
  if (value === null || value === undefined || value === "") return true;
  if (Array.isArray(value) && value.length === 0) return true;
  if (OFF.has(name) && (value === false || value === 0)) return true;
  if (name === "imagePullPolicy")
    return (
      value ===
      (/:latest(?:@|$)|^[^:@]*$/.test(text(within, "image").replace(/^.*\//, "")) ? "Always" : "IfNotPresent")
    );
  if (name === "apiVersion" && "fieldPath" in within) return value === "v1";
  if (isTree(value) && Object.keys(value).length === 0)
    return !["emptyDir", "capabilities"].includes(name) && name !== "podSelector";
  return DEFAULTS[name]?.includes(value) === true;
}
