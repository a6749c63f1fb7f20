// Access that is gained: the rules of roles one by one, and subjects of bindings.

import { at, list, text } from "../tree.ts";
import type { Change } from "./changes.ts";
import { type Facts, may, must, together } from "./facts.ts";

export function accessFacts(change: Change, release: string): Facts {
  const { now, title } = change;
  if (!now || !/^rbac\.authorization/.test(now.apiVersion) || change.kind === "relabelled") return together();
  const gained = /Binding$/.test(now.kind) ? subjects(change, release) : permissions(change);
  if (gained.length === 0) return together();
  return together(must(`access: ${title}`), may(...gained.map((one) => `access: ${title} ${one}`)));
}

function permissions({ old, now }: Change): readonly string[] {
  const had = rulesOf(old?.content);
  const covered = ([verb = "", target = "", name = ""]: readonly string[]): boolean =>
    had.some(
      ([v = "", t = "", n = ""]) =>
        (v === "*" || v === verb) && (n === "*" || n === name) && (t === target || covers(t, target)),
    );
  return rulesOf(now?.content)
    .filter((rule) => !covered(rule))
    .map(([verb, target, name]) => `${verb} ${target}${name === "*" ? "" : ` ${name}`}`);
}

/**
 * Whether one target covers another: `group/resource` with `*` for either part; a path of the API server covers itself.
 */
function covers(held: string, sought: string): boolean {
  const [group, resource] = split(held);
  const [wantedGroup, wanted] = split(sought);
  return (group === "*" || group === wantedGroup) && (resource === "*" || resource === wanted);
}

function split(target: string): readonly [string, string] {
  const slash =
    /^[\w.*-]+\.[\w.-]+\/|^\*\/|^(?:apps|batch|autoscaling|policy|extensions)\//.exec(target)?.[0] ?? "";
  return [slash.slice(0, -1), target.slice(slash.length)];
}

function rulesOf(content: unknown): readonly (readonly string[])[] {
  return list(content, "rules").flatMap((rule) => {
    const verbs = list(rule, "verbs").map(String);
    const names = list(rule, "resourceNames").map(String);
    const groups = list(rule, "apiGroups").map(String);
    const targets = [
      ...list(rule, "nonResourceURLs").map(String),
      ...groups.flatMap((group) =>
        list(rule, "resources").map((resource) =>
          group === "" ? String(resource) : `${group}/${String(resource)}`,
        ),
      ),
    ];
    return verbs.flatMap((verb) =>
      targets.flatMap((target) => (names.length === 0 ? ["*"] : names).map((name) => [verb, target, name])),
    );
  });
}

function subjects({ old, now }: Change, release: string): readonly string[] {
  const own = now?.kind === "RoleBinding" ? now.namespace || release : "";
  const named = (content: unknown): readonly string[] =>
    list(content, "subjects").map((subject) => {
      const kind = text(subject, "kind");
      const namespace = text(subject, "namespace") || (kind === "ServiceAccount" ? own : "");
      return `${kind} ${namespace === "" ? "" : `${namespace}/`}${String(at(subject, "name"))}`;
    });
  const had = named(old?.content);
  return named(now?.content).filter((subject) => !had.includes(subject));
}
