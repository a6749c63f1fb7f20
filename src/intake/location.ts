// Whether an event is about the chart repository of its publisher. Other repositories may have charts and images of the
// same name: of another team, another stage, or something else.

import { normaliseUrl } from "../domain/model/chart/chart-repository.ts";
import type { ChartRepository } from "../domain/model/config/settings.ts";
import type { Whereabouts } from "./systems/system.ts";

/** `unknown`: the event's location cannot be compared with the repository's URLs. */
export type Location = "here" | "elsewhere" | "unknown";

/** Compares with every URL that server.yaml has for the repository. */
export function locate(
  { path, key, host, url }: Whereabouts,
  chart: string,
  repository: ChartRepository | undefined,
): Location {
  if (repository === undefined) return "here";
  const addresses = [repository.url, repository.fetchFrom, ...repository.also];
  if (url !== undefined) return isOneOf(addresses, url) ? "here" : "elsewhere";
  if (host !== undefined && isOfAnotherHost(host, addresses)) return "elsewhere";
  const places = addresses.map(placeOf);
  if (path !== undefined && repository.kind === "oci")
    return places.some((place) => holds(place, { path, key, chart })) ? "here" : "elsewhere";
  if (key !== undefined) return locateKey(key, places);
  return path === undefined ? "here" : "unknown";
}

function isOneOf(addresses: readonly string[], url: string): boolean {
  const wanted = normaliseUrl(url);
  return wanted !== undefined && addresses.some((address) => normaliseUrl(address) === wanted);
}

/** Only if the repository has a URL in the same cloud: a custom domain may stand for any registry there. */
function isOfAnotherHost(host: string, addresses: readonly string[]): boolean {
  const cloud = `.${host.toLowerCase().split(".").slice(-2).join(".")}`;
  const hosts = addresses.flatMap((address) => URL.parse(address)?.hostname.toLowerCase() ?? []);
  const inCloud = hosts.filter((one) => one.endsWith(cloud));
  return inCloud.length > 0 && !inCloud.includes(host.toLowerCase());
}

interface Place {
  /** Labels of the host name, from the left. */
  readonly labels: readonly string[];
  /** Parts of the path, in lower case. */
  readonly parts: readonly string[];
}

function placeOf(address: string): Place {
  const url = URL.parse(address);
  return {
    labels: (url?.hostname ?? "").split("."),
    parts: (url?.pathname ?? "")
      .toLowerCase()
      .split("/")
      .filter((part) => part !== ""),
  };
}

interface Artifact {
  readonly path: string;
  readonly key: string | undefined;
  readonly chart: string;
}

/** A repository manager has a repository below its path, or on a host of its own: `oci://KEY.example.com`. */
function holds(place: Place, { path, key, chart }: Artifact): boolean {
  const own = [...place.parts, chart].join("/");
  if (own === path) return true;
  return key !== undefined && isHostOf(place, key) && `${key.toLowerCase()}/${own}` === path;
}

/** `KEY.example.com`, and `company-KEY.example.com`, the former naming of JFrog's cloud. */
function isHostOf({ labels: [first = ""] }: Place, key: string): boolean {
  const wanted = key.toLowerCase();
  return first === wanted || first.endsWith(`-${wanted}`);
}

/** A URL without a path may stand for any repository of the manager. */
function locateKey(key: string, places: readonly Place[]): Location {
  if (places.some((place) => keysIn(place).includes(key.toLowerCase()) || isHostOf(place, key)))
    return "here";
  return places.every(({ parts }) => parts.length > 0) ? "elsewhere" : "unknown";
}

/** Path parts before a repository's key in Artifactory, Nexus, Harbor and Gitea. */
const BEFORE_KEY = [
  ...["artifactory/api/helm", "api/helm", "artifactory", "repository", "chartrepo", "api/packages"],
];

/** Every part of the path may be the key, unless the manager's own path identifies it. */
function keysIn({ parts }: Place): readonly string[] {
  const path = `/${parts.join("/")}/`;
  for (const before of BEFORE_KEY) {
    const at = path.indexOf(`/${before}/`);
    if (at !== -1) return path.slice(at + before.length + 2).split("/", 1);
  }
  return parts;
}
