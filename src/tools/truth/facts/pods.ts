// Gained and lost settings of pods: privileges, hardening, requests and limits.

import type { Resource } from "../side.ts";
import { at, isTree, list, type Tree, text, tree, word } from "../tree.ts";
import type { Change } from "./changes.ts";
import { type Facts, may, must, together } from "./facts.ts";
import { amount } from "./quantity.ts";

export function podOf({ kind, content }: Resource): Tree {
  if (kind === "Pod") return tree(content, "spec");
  const place = kind === "CronJob" ? ["spec", "jobTemplate", "spec"] : ["spec"];
  const makes = /^(?:Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob|Rollout|ReplicationController)$/;
  return makes.test(kind) ? tree(content, ...place, "template", "spec") : {};
}

interface Pair {
  readonly name: string;
  readonly old: Tree | undefined;
  readonly now: Tree;
}

function containers(pod: Tree, field: string): readonly Tree[] {
  return list(pod, field).filter(isTree);
}

function pairs(old: Tree, now: Tree): readonly Pair[] {
  return ["initContainers", "containers"].flatMap((field) => {
    const [was, is] = [containers(old, field), containers(now, field)];
    const alone = was.length === 1 && is.length === 1 ? was[0] : undefined;
    return is.map((container) => {
      const name = text(container, "name");
      return { name, old: was.find((one) => text(one, "name") === name) ?? alone, now: container };
    });
  });
}

export function podFacts({ kind, title, old, now }: Change): Facts {
  if (!now || kind === "relabelled") return together();
  const [was, is] = [old ? podOf(old) : {}, podOf(now)];
  const gained = gains(was, is);
  const lost = old ? losses(was, is) : [];
  const less = old ? shrinks(was, is) : [];
  return together(
    must(...(gained.length > 0 ? [`gains: ${title}`] : []), ...lost.map((what) => `lost: ${title} ${what}`)),
    may(...gained.map((what) => `gains: ${title} ${what}`)),
    must(...less.map((what) => `less: ${title} ${what}`)),
  );
}

function gains(old: Tree, now: Tree): readonly string[] {
  const added = (have: readonly string[], had: readonly string[]): readonly string[] =>
    have.filter((one) => !had.includes(one));
  const ofPods = added(podPrivileges(now), podPrivileges(old));
  const each = pairs(old, now).flatMap(({ name, old: was, now: is }) =>
    added(privileges(is, now), was ? privileges(was, old) : []).map((one) => `${name}: ${one}`),
  );
  return [...ofPods, ...each];
}

function podPrivileges(pod: Tree): readonly string[] {
  const host = ["hostNetwork", "hostPID", "hostIPC"].filter((field) => pod[field] === true);
  const windows = at(pod, "securityContext", "windowsOptions", "hostProcess") === true ? ["hostProcess"] : [];
  return [...host, ...windows, ...Object.values(hostPaths(pod)).map((path) => `hostPath ${path}`)];
}

function hostPaths(pod: Tree): Readonly<Record<string, string>> {
  const volumes = list(pod, "volumes").filter((volume) => text(volume, "hostPath", "path") !== "");
  return Object.fromEntries(volumes.map((one) => [text(one, "name"), text(one, "hostPath", "path")]));
}

function privileges(container: Tree, pod: Tree): readonly string[] {
  const own = tree(container, "securityContext");
  const holds = (field: string): unknown => own[field] ?? at(pod, "securityContext", field);
  const paths = hostPaths(pod);
  return [
    ...(own["privileged"] === true ? ["privileged"] : []),
    ...(holds("runAsUser") === 0 ? ["runAsUser 0"] : []),
    ...list(own, "capabilities", "add").map((one) => `capability ${String(one)}`),
    ...(own["procMount"] === "Unmasked" ? ["procMount Unmasked"] : []),
    ...(text(holds("seccompProfile"), "type") === "Unconfined" ? ["seccompProfile Unconfined"] : []),
    ...list(container, "volumeMounts").flatMap((mount) => {
      const path = paths[text(mount, "name")];
      return path === undefined ? [] : [`hostPath ${path}`];
    }),
    ...list(container, "ports").flatMap((port) =>
      at(port, "hostPort") ? [`hostPort ${String(at(port, "hostPort"))}`] : [],
    ),
  ];
}

function losses(old: Tree, now: Tree): readonly string[] {
  return pairs(old, now).flatMap(({ name, old: was, now: is }) => {
    if (was === undefined) return [];
    const left = hardening(is, now);
    return hardening(was, old)
      .filter(({ what }) => !left.some((one) => one.what === what || one.covers?.(what)))
      .map(({ words }) => `${words} in ${name}`);
  });
}

interface Hardening {
  readonly what: string;
  readonly words: string;
  readonly covers?: (what: string) => boolean;
}

function hardening(container: Tree, pod: Tree): readonly Hardening[] {
  const own = tree(container, "securityContext");
  const holds = (field: string): unknown => own[field] ?? at(pod, "securityContext", field);
  const user = holds("runAsUser");
  const plain = [
    ...(holds("runAsNonRoot") === true ? ["runAsNonRoot: true"] : []),
    ...(own["readOnlyRootFilesystem"] === true ? ["readOnlyRootFilesystem: true"] : []),
    ...(own["allowPrivilegeEscalation"] === false ? ["allowPrivilegeEscalation: false"] : []),
    ...["livenessProbe", "readinessProbe", "startupProbe"].filter((probe) => isTree(container[probe])),
    ...(pod["hostUsers"] === false ? ["hostUsers: false"] : []),
  ];
  const profiles = ["seccompProfile", "appArmorProfile"].flatMap((what) => {
    const type = text(holds(what), "type");
    return /^(?:RuntimeDefault|Localhost)$/.test(type) ? [{ what, words: `${what}: ${type}` }] : [];
  });
  const drops = list(own, "capabilities", "drop").map((one): Hardening => {
    const what = `capabilities.drop: ${String(one).toUpperCase().replace(/^CAP_/, "")}`;
    return {
      what,
      words: what,
      covers: (other) => what.endsWith(": ALL") && /^capabilities\.drop/.test(other),
    };
  });
  const users =
    typeof user === "number" && user > 0 ? [{ what: "runAsUser", words: `runAsUser: ${user}` }] : [];
  return [...plain.map((what) => ({ what, words: what })), ...users, ...profiles, ...drops];
}

function shrinks(old: Tree, now: Tree): readonly string[] {
  return pairs(old, now).flatMap(({ old: was, now: is }) =>
    ["requests", "limits"].flatMap((field) =>
      Object.entries(tree(was, "resources", field)).flatMap(([name, value]) => {
        const limit = field === "requests" ? (at(is, "resources", "limits", name) ?? 0) : undefined;
        const left = at(is, "resources", field, name) ?? limit;
        const [before, after] = [amount(value), amount(left)];
        const words = left === 0 ? "nothing" : word(left);
        return before !== undefined && after !== undefined && after < before
          ? [`${name} ${field.slice(0, -1)} from ${value === 0 ? "nothing" : String(value)} to ${words}`]
          : [];
      }),
    ),
  );
}
