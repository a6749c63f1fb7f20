// Hosts, paths and TLS that are no longer reachable from outside.

import { groupKind } from "../../manifests/group-kind.ts";
import { identityOf } from "../../manifests/identity.ts";
import type { Manifest } from "../../manifests/manifests.ts";
import { resourceName } from "../../manifests/resource-name.ts";
import { listAt, textAt } from "../../manifests/tree.ts";
import { clip, code } from "../../markdown/escape.ts";
import type { Risk } from "../risk.ts";
import type { RenderedManifests } from "../rule.ts";

/** A route that another resource takes over is not lost. */
export function routeRisks({ before, after }: RenderedManifests): readonly Risk[] {
  const covers = coverage(after.flatMap(routesOf));
  const left = new Set(after.map(identityOf));
  return before.flatMap((manifest) => {
    const router = { manifest, removed: !left.has(identityOf(manifest)) };
    const routes = routesOf(manifest);
    const kept = routes.filter(({ host }) => covers.host(host));
    const lost = {
      hosts: routes.filter(({ host }) => !covers.host(host)).map(({ host }) => host),
      paths: kept.filter((route) => !covers.path(route)).map(({ host, path }) => host + path),
      tls: kept.filter(({ host, tls }) => tls && !covers.tls(host)).map(({ host }) => host),
    };
    return [
      ...changesOf(router, "no longer serves", lost.hosts),
      ...changesOf(router, "no longer routes", lost.paths),
      ...changesOf(router, "no longer has TLS for", lost.tls),
    ];
  });
}

/**
 * The hosts and paths that these routes serve: a wildcard covers every name in its place, a prefix every path below it.
 */
function coverage(routes: readonly Route[]) {
  const byHost = Map.groupBy(routes, ({ host }) => host);
  const serving = (host: string): readonly Route[] =>
    [host, host.replace(/^[^.]+/, "*"), "*"].flatMap((name) => byHost.get(name) ?? []);
  return {
    host: (host: string): boolean => serving(host).length > 0,
    path: ({ host, path }: Route): boolean =>
      serving(host).some((other) => other.path === path || (other.prefix && path.startsWith(other.path))),
    tls: (host: string): boolean => serving(host).some(({ tls }) => tls),
  };
}

interface Router {
  readonly manifest: Manifest;
  readonly removed: boolean;
}

function changesOf({ manifest, removed }: Router, verb: string, what: readonly string[]): readonly Risk[] {
  const each = [...new Set(what)];
  if (each.length === 0) return [];
  const shown = each.slice(0, 6).map((one) => code(clip(one, 200)));
  const more = each.length > 6 ? ` and ${each.length - 6} more` : "";
  const text = `${resourceName(manifest)} ${removed ? "is removed, and " : ""}${verb} ${shown.join(", ")}${more}`;
  return [{ level: "warning", text, ...(removed && { removes: manifest }) }];
}

interface Route {
  /** `*` for every host. */
  readonly host: string;
  /** Empty: the whole host. */
  readonly path: string;
  /** Whether `path` is a prefix. */
  readonly prefix: boolean;
  readonly tls: boolean;
}

function routesOf(manifest: Manifest): readonly Route[] {
  switch (groupKind(manifest)) {
    case "Ingress.networking.k8s.io":
    case "Ingress.extensions":
      return ingressRoutes(manifest);
    case "HTTPRoute.gateway.networking.k8s.io":
    case "GRPCRoute.gateway.networking.k8s.io":
    case "TLSRoute.gateway.networking.k8s.io":
      return hostsAt(manifest, "hostnames");
    case "VirtualService.networking.istio.io":
      return hostsAt(manifest, "hosts");
    case "Route.route.openshift.io":
      return [textAt(manifest.content, "spec", "host")].filter((host) => host !== "").map(wholeHost);
    default:
      return [];
  }
}

function hostsAt({ content }: Manifest, field: string): readonly Route[] {
  return listAt(content, "spec", field)
    .filter((host) => typeof host === "string")
    .map(wholeHost);
}

function wholeHost(host: string): Route {
  return { host, path: "", prefix: true, tls: false };
}

function ingressRoutes({ content }: Manifest): readonly Route[] {
  const secured = new Set(listAt(content, "spec", "tls").flatMap((entry) => listAt(entry, "hosts")));
  return listAt(content, "spec", "rules").flatMap((rule) => {
    const host = textAt(rule, "host") || "*";
    const tls = secured.has(host);
    const paths = listAt(rule, "http", "paths").map((path) => ({
      host,
      path: textAt(path, "path") || "/",
      prefix: textAt(path, "pathType") !== "Exact",
      tls,
    }));
    return paths.length === 0 ? [{ ...wholeHost(host), tls }] : paths;
  });
}
