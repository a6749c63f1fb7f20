// Who may do more than before: roles with new rules, bindings with new subjects.

import type { ResourceChange } from "./compare-manifests.ts";
import { clip, code } from "./escape.ts";
import type { Manifest } from "./manifests.ts";
import { resourceName } from "./resource-name.ts";
import type { Risk } from "./risk.ts";
import { listAt, textAt } from "./tree.ts";

/** One verb on one resource (`apps/deployments`, with a name when the rule has one) or on a path of the API server. */
interface Permission {
  readonly verb: string;
  readonly group: string;
  readonly target: string;
  readonly name: string;
}

export function rbacRisks(change: ResourceChange): readonly Risk[] {
  if (change.kind === "removed" || change.kind === "relabelled") return [];
  const before = change.kind === "changed" ? change.before : undefined;
  const { after } = change;
  if (after.kind === "Role" || after.kind === "ClusterRole") return roleRisks(before, after);
  if (after.kind === "RoleBinding" || after.kind === "ClusterRoleBinding") return bindingRisks(before, after);
  return [];
}

function roleRisks(before: Manifest | undefined, after: Manifest): readonly Risk[] {
  const held = before === undefined ? [] : permissionsOf(before);
  const gained = permissionsOf(after).filter(
    (permission) => !held.some((known) => covers(known, permission)),
  );
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

function permissionsOf({ content }: Manifest): readonly Permission[] {
  return listAt(content, "rules").flatMap((rule) => {
    const names = texts(rule, "resourceNames");
    const resources = texts(rule, "apiGroups").flatMap((group) =>
      texts(rule, "resources").map((target) => ({ group, target })),
    );
    const urls = texts(rule, "nonResourceURLs").map((target) => ({ group: "", target }));
    const places = [...resources, ...urls].flatMap((place) =>
      (names.length === 0 ? ["*"] : names).map((name) => ({ ...place, name })),
    );
    return texts(rule, "verbs").flatMap((verb) => places.map((place) => ({ verb, ...place })));
  });
}

function texts(rule: unknown, field: string): readonly string[] {
  return listAt(rule, field)
    .filter((item) => typeof item === "string")
    .slice(0, 100);
}

function covers(known: Permission, asked: Permission): boolean {
  return (["verb", "group", "target", "name"] as const).every(
    (field) => known[field] === "*" || known[field] === asked[field],
  );
}

function bindingRisks(before: Manifest | undefined, after: Manifest): readonly Risk[] {
  const known = new Set(before === undefined ? [] : subjectsOf(before));
  const gained = subjectsOf(after).filter((subject) => !known.has(subject));
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

function subjectsOf({ content }: Manifest): readonly string[] {
  return listAt(content, "subjects").map((subject) => {
    const namespace = textAt(subject, "namespace");
    return `${textAt(subject, "kind")} ${namespace === "" ? "" : `${namespace}/`}${textAt(subject, "name")}`;
  });
}
