// Settings that protected a pod, and probes, that were removed
// (https://kubernetes.io/docs/concepts/security/pod-security-standards/).

import type { ResourceChange } from "../../manifests/compare-manifests.ts";
import { podSpecOf } from "../../manifests/pod/pod-template.ts";
import { resourceName } from "../../manifests/resource-name.ts";
import { isTree, listAt, textAt, treeAt, type ValueTree } from "../../manifests/tree.ts";
import { clip, code } from "../../markdown/escape.ts";
import type { Risk } from "../risk.ts";
import { containerPairs } from "./container-pairs.ts";

export function hardeningRisks(change: ResourceChange): readonly Risk[] {
  if (change.kind !== "changed") return [];
  const [old, now] = [podSpecOf(change.before), podSpecOf(change.after)];
  const losses = containerPairs(change.before, change.after).flatMap(({ name, before, after }) => {
    if (before === undefined) return [];
    const left = new Set(hardeningOf(after, now).map(({ what }) => what));
    const lost = hardeningOf(before, old).filter(({ what }) => !left.has(what) && !isDropped(what, left));
    return lost.length === 0
      ? []
      : [{ name, lost: lost.map(({ words }) => code(clip(words, 60))).join(", ") }];
  });
  const same = Map.groupBy(losses, ({ lost }) => lost);
  return [...same].map(([lost, containers]) => ({
    level: "warning",
    text: `${resourceName(change.after)} no longer has ${lost} in ${named(containers.map(({ name }) => name))}`,
    shared: { words: `no longer ${lost} in containers`, by: change.after },
  }));
}

function named(containers: readonly string[]): string {
  const shown = containers.slice(0, 6).map((name) => code(clip(name, 100)));
  const more = containers.length > 6 ? ` and ${containers.length - 6} more` : "";
  return `container${containers.length === 1 ? "" : "s"} ${shown.join(", ")}${more}`;
}

interface Hardening {
  /** The kind of protection: a new value of the same kind is no loss. */
  readonly what: string;
  /** As written in the manifest. The field may still be there, with a value that does not protect. */
  readonly words: string;
}

/** The protective settings of one container. */
function hardeningOf(container: ValueTree, pod: ValueTree): readonly Hardening[] {
  const own = treeAt(container, "securityContext");
  // A container inherits the security context of its pod.
  const context = { ...treeAt(pod, "securityContext"), ...own };
  const { runAsUser } = context;
  return [
    ...(context["runAsNonRoot"] === true ? [as("runAsNonRoot: true")] : []),
    ...(typeof runAsUser === "number" && runAsUser > 0 ? [as("runAsUser", `runAsUser: ${runAsUser}`)] : []),
    ...(own["readOnlyRootFilesystem"] === true ? [as("readOnlyRootFilesystem: true")] : []),
    ...(own["allowPrivilegeEscalation"] === false ? [as("allowPrivilegeEscalation: false")] : []),
    ...dropped(own).map((words) => as(words)),
    ...PROFILES.flatMap((profile) => confinement(profile, context[profile])),
    ...PROBES.filter((probe) => isTree(container[probe])).map((probe) => as(probe)),
    ...(pod["hostUsers"] === false ? [as("hostUsers: false")] : []),
  ];
}

function as(what: string, words = what): Hardening {
  return { what, words };
}

const PROFILES = ["seccompProfile", "appArmorProfile"];

const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"];

const DROPS = "capabilities.drop: ";

/** Dropping `ALL` includes every capability. */
function isDropped(what: string, left: ReadonlySet<string>): boolean {
  return what.startsWith(DROPS) && left.has(`${DROPS}ALL`);
}

function dropped(context: ValueTree): readonly string[] {
  const drops = listAt(context, "capabilities", "drop").filter(
    (capability) => typeof capability === "string",
  );
  return drops.map((capability) => DROPS + capability.toUpperCase().replace(/^CAP_/, ""));
}

function confinement(profile: string, stated: unknown): readonly Hardening[] {
  const type = textAt(stated, "type");
  return ["RuntimeDefault", "Localhost"].includes(type) ? [as(profile, `${profile}: ${type}`)] : [];
}
