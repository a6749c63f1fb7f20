// Changes of reachability: Services, hosts and paths, network policies.

import type { Resource, Side } from "../side.ts";
import { at, canonical, equal, list, text, tree } from "../tree.ts";
import type { Change } from "./changes.ts";
import { type Facts, must, together } from "./facts.ts";

export function networkFacts(change: Change): Facts {
  if (change.kind === "relabelled") return together();
  const { kind, apiVersion } = change.now ?? change.old ?? { kind: "", apiVersion: "" };
  if (kind === "Service" && apiVersion === "v1") return serviceFacts(change);
  return /NetworkPolicy$/.test(kind) ? policyFacts(change) : together();
}

function serviceFacts({ title, old, now }: Change): Facts {
  if (!now) return together();
  const type = (service: Resource): string => text(service.content, "spec", "type") || "ClusterIP";
  if (!old)
    return /^(?:LoadBalancer|NodePort)$/.test(type(now))
      ? must(`service: ${title} outside ${type(now)}`)
      : together();
  const [was, is] = [portsOf(old), portsOf(now)];
  const [before, after] = [tree(old.content, "spec", "selector"), tree(now.content, "spec", "selector")];
  return must(
    ...(type(old) === type(now) ? [] : [`service: ${title} type ${type(old)} → ${type(now)}`]),
    ...was
      .filter(({ key }) => !is.some((port) => port.key === key))
      .map(({ key }) => `service: ${title} lost ${key}`),
    ...is.flatMap(({ key, node }) => {
      const moved = was.find((port) => port.key === key)?.node;
      return moved && node && moved !== node ? [`service: ${title} node port ${key} ${moved} → ${node}`] : [];
    }),
    ...(equal(before, after) || Object.keys(after).length === 0 ? [] : [`service: ${title} leads elsewhere`]),
  );
}

function portsOf({ content }: Resource): readonly { readonly key: string; readonly node: string }[] {
  return list(content, "spec", "ports").map((port) => ({
    key: `${String(at(port, "port"))}/${text(port, "protocol") || "TCP"}`,
    node: at(port, "nodePort") ? String(at(port, "nodePort")) : "",
  }));
}

interface Route {
  readonly host: string;
  readonly path: string;
  readonly exact: boolean;
  readonly secured: boolean;
}

/** Hosts and paths that no resource of the new version serves. */
export function routeFacts(old: Side, now: Side): Facts {
  const left = now.resources.flatMap(routesOf);
  const serving = (host: string): readonly Route[] =>
    left.filter((route) => [host, host.replace(/^[^.]+/, "*"), "*"].includes(route.host));
  return together(
    ...old.resources.map((resource) => {
      const routes = routesOf(resource);
      const [gone, kept] = [
        routes.filter(({ host }) => serving(host).length === 0),
        routes.filter(({ host }) => serving(host).length > 0),
      ];
      const unrouted = kept.filter(({ host, path }) => !serving(host).some((other) => reaches(other, path)));
      const bare = kept.filter(
        ({ host, secured }) => secured && !serving(host).some((other) => other.secured),
      );
      return must(
        ...gone.map(({ host }) => `unserved: ${resource.title} ${host}`),
        ...unrouted.map(({ host, path }) => `unrouted: ${resource.title} ${host}${path}`),
        ...bare.map(({ host }) => `without TLS: ${resource.title} ${host}`),
      );
    }),
  );
}

function reaches(route: Route, path: string): boolean {
  return route.path === path || (!route.exact && path.startsWith(route.path));
}

function routesOf({ kind, apiVersion, content }: Resource): readonly Route[] {
  const whole = (host: unknown): Route => ({ host: String(host), path: "", exact: false, secured: false });
  if (kind === "Ingress" && /^(?:networking\.k8s\.io|extensions)\//.test(apiVersion))
    return ingressRoutes(content);
  if (/^(?:HTTPRoute|GRPCRoute|TLSRoute)$/.test(kind)) return list(content, "spec", "hostnames").map(whole);
  if (kind === "VirtualService") return list(content, "spec", "hosts").map(whole);
  return kind === "Route" && /openshift/.test(apiVersion) ? [whole(text(content, "spec", "host"))] : [];
}

function ingressRoutes(content: unknown): readonly Route[] {
  const secured = list(content, "spec", "tls").flatMap((entry) => list(entry, "hosts"));
  return list(content, "spec", "rules").flatMap((rule): readonly Route[] => {
    const host = text(rule, "host") || "*";
    const paths = list(rule, "http", "paths");
    const of = { host, secured: secured.includes(host) };
    if (paths.length === 0) return [{ ...of, path: "", exact: false }];
    return paths.map((path) => ({
      ...of,
      path: text(path, "path") || "/",
      exact: text(path, "pathType") === "Exact",
    }));
  });
}

/** Every added, removed or changed policy must be reported; a NetworkPolicy with the details. */
function policyFacts({ kind, title, old, now }: Change): Facts {
  if (!/^networking\.k8s\.io\//.test((now ?? old)?.apiVersion ?? "")) return must(`policy: ${title} ${kind}`);
  if (!now) return must(`policy: ${title} removed`);
  const sides = ["ingress", "egress"];
  if (!old) {
    const [shut, limited] = [
      sides.filter((one) => closes(now, one)),
      sides.filter((one) => limits(now, one)),
    ];
    return must(
      ...(shut.length > 0 ? [`policy: ${title} closes ${shut.join(" and ")}`] : []),
      ...(limited.length > 0 ? [`policy: ${title} limits ${limited.join(" and ")}`] : []),
    );
  }
  const moved = equal(at(old.content, "spec", "podSelector"), at(now.content, "spec", "podSelector"));
  return together(
    must(...(moved ? [] : [`policy: ${title} holds for others`])),
    ...sides.map((side) => directionFacts(side, { title, old, now })),
  );
}

function directionFacts(
  side: string,
  { title, old, now }: { readonly title: string; readonly old: Resource; readonly now: Resource },
): Facts {
  const [was, is] = [governs(old, side), governs(now, side)];
  if (!was && !is) return together();
  if (!is) return must(`policy: ${title} no longer limits ${side}`);
  const [before, after] = [rules(old, side), rules(now, side)];
  if (!was) return must(`policy: ${title} now ${after.length === 0 ? "closes" : "limits"} ${side}`);
  const gone = before.filter((rule) => !after.some((other) => canonical(other) === canonical(rule))).length;
  const come = after.filter((rule) => !before.some((other) => canonical(other) === canonical(rule))).length;
  return must(
    ...(gone > 0 ? [`policy: ${title} takes away ${gone} of ${before.length} ${side}`] : []),
    ...(come > 0 ? [`policy: ${title} adds ${come} ${side}`] : []),
  );
}

function rules({ content }: Resource, side: string): readonly unknown[] {
  return list(content, "spec", side);
}

function governs(policy: Resource, side: string): boolean {
  const types = list(policy.content, "spec", "policyTypes").map((type) => String(type).toLowerCase());
  return types.length === 0 ? side === "ingress" || rules(policy, side).length > 0 : types.includes(side);
}

function closes(policy: Resource, side: string): boolean {
  return governs(policy, side) && rules(policy, side).length === 0;
}

function limits(policy: Resource, side: string): boolean {
  const all = rules(policy, side);
  const open = (rule: unknown): boolean =>
    ["from", "to", "ports"].every((field) => list(rule, field).length === 0);
  return governs(policy, side) && all.length > 0 && !all.some(open);
}
