// Network policies that are added, removed or changed: which traffic pods may receive and send
// (https://kubernetes.io/docs/concepts/services-networking/network-policies/).

import type { ResourceChange } from "../../manifests/compare-manifests.ts";
import { groupKind } from "../../manifests/group-kind.ts";
import type { Manifest } from "../../manifests/manifests.ts";
import { resourceName } from "../../manifests/resource-name.ts";
import { selectorTerms } from "../../manifests/selector.ts";
import { listAt, same, treeAt, type ValueTree } from "../../manifests/tree.ts";
import { clip, code } from "../../markdown/escape.ts";
import type { Risk } from "../risk.ts";

export function networkPolicyRisks(change: ResourceChange): readonly Risk[] {
  if (change.kind === "relabelled") return [];
  const manifest = change.kind === "removed" ? change.before : change.after;
  if (groupKind(manifest) !== "NetworkPolicy.networking.k8s.io") return otherPolicy(change, manifest);
  const name = resourceName(manifest);
  const whom = podsOf(manifest.content);
  switch (change.kind) {
    case "added":
      return closed(manifest.content).map(({ verb, directions }) => ({
        level: "warning",
        text: `${name} is added: it ${verb} ${directions} of ${whom}`,
      }));
    case "removed":
      return [
        {
          level: "danger",
          text: `${name} is removed: it no longer holds back what ${whom} may reach, or be reached by`,
          removes: manifest,
        },
      ];
    case "changed":
      return changed(change.before.content, change.after.content).map(({ level, text }) => ({
        level,
        text: `${name} ${text}`,
      }));
  }
}

/** Policies of Cilium, Calico and others are reported, but their rules are not read. */
function otherPolicy({ kind }: ResourceChange, manifest: Manifest): readonly Risk[] {
  if (!/NetworkPolicy$/.test(manifest.kind)) return [];
  const name = resourceName(manifest);
  switch (kind) {
    case "added":
      return [{ level: "warning", text: `${name} is added: it may hold back traffic` }];
    case "removed":
      return [
        {
          level: "danger",
          text: `${name} is removed: what it held back may come through`,
          removes: manifest,
        },
      ];
    case "changed":
    case "relabelled":
      return [{ level: "warning", text: `${name} changes what may reach what` }];
  }
}

const DIRECTIONS = ["ingress", "egress"] as const;

type Direction = (typeof DIRECTIONS)[number];

/** Whether the policy applies to this direction (pkg/apis/networking/v1/defaults.go SetDefaults_NetworkPolicy). */
function isGoverned(content: ValueTree, direction: Direction): boolean {
  const types = listAt(content, "spec", "policyTypes");
  if (types.length === 0) return direction === "ingress" || rulesOf(content, direction).length > 0;
  return types.includes(direction === "ingress" ? "Ingress" : "Egress");
}

function rulesOf(content: ValueTree, direction: Direction): readonly unknown[] {
  return listAt(content, "spec", direction);
}

/** A rule without peers and ports allows all traffic. */
function isOpen(rule: unknown): boolean {
  const peers = [...listAt(rule, "from"), ...listAt(rule, "to")];
  return peers.length === 0 && listAt(rule, "ports").length === 0;
}

interface Closed {
  readonly verb: "closes" | "limits";
  /** "ingress and egress" */
  readonly directions: string;
}

function closed(content: ValueTree): readonly Closed[] {
  const governed = DIRECTIONS.filter((direction) => isGoverned(content, direction));
  const shut = governed.filter((direction) => rulesOf(content, direction).length === 0);
  const limited = governed.filter((direction) => {
    const rules = rulesOf(content, direction);
    return rules.length > 0 && !rules.some(isOpen);
  });
  return [
    ...(shut.length === 0 ? [] : [{ verb: "closes", directions: shut.join(" and ") } as const]),
    ...(limited.length === 0 ? [] : [{ verb: "limits", directions: limited.join(" and ") } as const]),
  ];
}

function podsOf(content: ValueTree): string {
  const terms = selectorTerms(treeAt(content, "spec", "podSelector"));
  return terms.length === 0
    ? "all pods of its namespace"
    : `the pods with ${terms
        .slice(0, 4)
        .map((term) => code(clip(term, 120)))
        .join(", ")}`;
}

function changed(before: ValueTree, after: ValueTree): readonly Risk[] {
  const [old, now] = [treeAt(before, "spec", "podSelector"), treeAt(after, "spec", "podSelector")];
  const moved: readonly Risk[] = same(old, now)
    ? []
    : [{ level: "warning", text: `holds for ${podsOf(after)} now, not for ${podsOf(before)}` }];
  return [...moved, ...DIRECTIONS.flatMap((direction) => directionChange(direction, before, after))];
}

function directionChange(direction: Direction, before: ValueTree, after: ValueTree): readonly Risk[] {
  const [was, is] = [isGoverned(before, direction), isGoverned(after, direction)];
  if (!was && !is) return [];
  if (was && !is) return [{ level: "danger", text: `no longer limits ${direction} of ${podsOf(after)}` }];
  const [old, now] = [rulesOf(before, direction), rulesOf(after, direction)];
  if (!was)
    return [
      {
        level: "warning",
        text: `now ${now.length === 0 ? "closes" : "limits"} ${direction} of ${podsOf(after)}`,
      },
    ];
  const [gone, come] = [beside(old, now), beside(now, old)];
  if (gone + come === 0) return [];
  const parts = [
    ...(gone === 0 ? [] : [`takes away ${gone} of its ${old.length} ${direction} rules`]),
    ...(come === 0
      ? []
      : [
          `${gone === 0 ? "lets more through: it " : ""}adds ${come} ${direction} ${come === 1 ? "rule" : "rules"}`,
        ]),
  ];
  const open = now.some(isOpen) && !old.some(isOpen);
  return [{ level: open ? "danger" : "warning", text: parts.join(" and ") }];
}

/** How many of these rules are not among the others. */
function beside(rules: readonly unknown[], others: readonly unknown[]): number {
  const known = new Set(others.map(canonical));
  return rules.filter((rule) => !known.has(canonical(rule))).length;
}

function canonical(rule: unknown): string {
  return JSON.stringify(rule, (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
