// RBAC changes that grant more than before: roles with new rules, bindings with new subjects.

import type { ResourceChange } from "../../manifests/compare-manifests.ts";
import { groupKind } from "../../manifests/group-kind.ts";
import type { Manifest } from "../../manifests/manifests.ts";
import { resourceName } from "../../manifests/resource-name.ts";
import { listAt, textAt } from "../../manifests/tree.ts";
import { clip, code } from "../../markdown/escape.ts";
import type { Risk } from "../risk.ts";
import type { Release } from "../rule.ts";
import { holds, type Permission, permissionsOf } from "./permissions.ts";

export function rbacRisks(change: ResourceChange, release: Release): readonly Risk[] {
  if (change.kind === "removed" || change.kind === "relabelled") return [];
  const before = change.kind === "changed" ? change.before : undefined;
  switch (groupKind(change.after)) {
    case "Role.rbac.authorization.k8s.io":
    case "ClusterRole.rbac.authorization.k8s.io":
      return roleRisks(before, change.after);
    case "RoleBinding.rbac.authorization.k8s.io":
    case "ClusterRoleBinding.rbac.authorization.k8s.io":
      return bindingRisks({ before, after: change.after, release });
    default:
      return [];
  }
}

function roleRisks(before: Manifest | undefined, after: Manifest): readonly Risk[] {
  const held = holds(before === undefined ? [] : permissionsOf(before.content));
  const gained = permissionsOf(after.content).filter((permission) => !held(permission));
  if (gained.length === 0) return [];
  const far =
    after.kind === "ClusterRole" ||
    gained.some(({ verb, group, target }) => [verb, group, target].includes("*"));
  const verb = before === undefined ? "is added and may" : "may now";
  return [{ level: far ? "danger" : "warning", text: `${resourceName(after)} ${verb} ${summary(gained)}` }];
}

/** "`get`, `list` `secrets`; `*` `apps/deployments`": verbs by target, at most four targets. */
function summary(permissions: readonly Permission[]): string {
  const targets = Map.groupBy(
    permissions,
    ({ group, target, name }) =>
      (group === "" ? "" : `${group}/`) + target + (name === "*" ? "" : ` ${name}`),
  );
  const shown = [...targets].slice(0, 4).map(([target, list]) => `${verbs(list)} ${code(clip(target, 120))}`);
  return shown.join("; ") + (targets.size > 4 ? ` and ${targets.size - 4} more` : "");
}

function verbs(list: readonly Permission[]): string {
  return [...new Set(list.map(({ verb }) => verb))]
    .slice(0, 8)
    .map((verb) => code(clip(verb, 40)))
    .join(", ");
}

interface Binding {
  readonly before: Manifest | undefined;
  readonly after: Manifest;
  readonly release: Release;
}

function bindingRisks({ before, after, release }: Binding): readonly Risk[] {
  const known = new Set(before === undefined ? [] : subjectsOf(before, release));
  const gained = subjectsOf(after, release).filter((subject) => !known.has(subject));
  if (gained.length === 0) return [];
  const role = `${textAt(after.content, "roleRef", "kind")} ${textAt(after.content, "roleRef", "name")}`;
  const level = after.kind === "ClusterRoleBinding" ? "danger" : "warning";
  const who =
    gained
      .slice(0, 4)
      .map((subject) => code(clip(subject, 160)))
      .join(", ") + (gained.length > 4 ? ` and ${gained.length - 4} more` : "");
  return [{ level, text: `${resourceName(after)} gives ${code(clip(role, 160))} to ${who}` }];
}

/**
 * A service account subject without a namespace belongs to the namespace of its RoleBinding (k8s.io/kubernetes
 * pkg/registry/rbac/validation/rule.go appliesToUser).
 */
function subjectsOf({ kind, namespace, content }: Manifest, release: Release): readonly string[] {
  const own = kind === "RoleBinding" ? namespace || release.namespace : "";
  return listAt(content, "subjects").map((subject) => {
    const type = textAt(subject, "kind");
    const where = textAt(subject, "namespace") || (type === "ServiceAccount" ? own : "");
    return `${type} ${where === "" ? "" : `${where}/`}${textAt(subject, "name")}`;
  });
}
