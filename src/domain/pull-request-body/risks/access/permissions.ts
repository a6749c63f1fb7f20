// The permissions that the rules of a role grant, one by one
// (https://kubernetes.io/docs/reference/access-authn-authz/rbac/).

import { listAt, type ValueTree } from "../../manifests/tree.ts";

/** One verb on one resource (`apps/deployments`, with a name when the rule has one) or on a path of the API server. */
export interface Permission {
  readonly verb: string;
  readonly group: string;
  readonly target: string;
  /** `*` for every name. */
  readonly name: string;
}

/** Permissions read at most; no role written by hand has as many. */
const MOST = 5_000;

export function permissionsOf(content: ValueTree): readonly Permission[] {
  const permissions: Permission[] = [];
  for (const rule of listAt(content, "rules")) {
    for (const permission of permissionsIn(rule)) {
      if (permissions.length >= MOST) return permissions;
      permissions.push(permission);
    }
  }
  return permissions;
}

function* permissionsIn(rule: unknown): Iterable<Permission> {
  const named = texts(rule, "resourceNames");
  const names = named.length === 0 ? ["*"] : named;
  for (const verb of texts(rule, "verbs")) {
    for (const target of texts(rule, "nonResourceURLs")) yield { verb, group: "", target, name: "*" };
    for (const group of texts(rule, "apiGroups"))
      for (const target of texts(rule, "resources"))
        yield* names.map((name) => ({ verb, group, target, name }));
  }
}

function texts(rule: unknown, field: string): readonly string[] {
  return listAt(rule, field).filter((item) => typeof item === "string");
}

/** Whether these permissions include or cover the wanted one: `*` covers any verb, group, resource or name. */
export function holds(permissions: readonly Permission[]): (wanted: Permission) => boolean {
  const held = new Set(permissions.map(key));
  return (wanted) => variants(wanted).some((variant) => held.has(key(variant)));
}

function variants({ verb, group, target, name }: Permission): readonly Permission[] {
  const either = (value: string): readonly string[] => (value === "*" ? ["*"] : [value, "*"]);
  return either(verb).flatMap((v) =>
    either(group).flatMap((g) =>
      either(target).flatMap((t) => either(name).map((n) => ({ verb: v, group: g, target: t, name: n }))),
    ),
  );
}

function key({ verb, group, target, name }: Permission): string {
  return JSON.stringify([verb, group, target, name]);
}
