// Restricts where requests with untrusted URLs may go (SSRF): URLs in an index, and redirects. The operator's own URL
// may be anywhere. Other hosts must be on the public internet, on the same class of network as the operator's host, or
// in the operator's list; checked by the IP address at the time of the request, whatever the name.

import { lookup as lookUpName } from "node:dns";
import { lookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { type NetworkClass, networkClassOf } from "./network-class.ts";

export interface Reach {
  /** The operator's host, without a port. */
  readonly home: string;
  /** Other hosts in the operator's list, with or without a port. */
  readonly hosts?: readonly string[];
}

/** Whether the operator named this host, so that it may get credentials and be anywhere. */
export function isNamed({ home, hosts = [] }: Reach, { hostname, host }: URL): boolean {
  return hostname === home || hosts.includes(hostname) || hosts.includes(host);
}

/** A forbidden address. Has a code, as network errors do. */
class OutOfReach extends Error {
  readonly code = "OUT_OF_REACH";
}

/** A DNS lookup for the request to `url` that checks addresses. Throws when `url` has a forbidden IP address. */
export async function lookupWithin(reach: Reach, url: URL): Promise<LookupFunction | undefined> {
  if (isNamed(reach, url)) return undefined;
  const near = await classesOf(reach.home);
  const refusal = (address: string) => refusalOf(address, { near, host: url.hostname });
  const literal = withoutBrackets(url.hostname);
  const known = isIP(literal) === 0 && hasProxies() ? await addressesOf(literal) : [literal];
  const refused = known
    .filter((one) => isIP(one) !== 0)
    .map(refusal)
    .find((one) => one);
  if (refused) throw refused;
  return (name, options, done) =>
    lookUpName(name, { ...options, all: true }, (error, addresses) => {
      // The name of a proxy, which the operator chose.
      const resolved = name === literal ? addresses : [];
      const refusedHere = error ?? resolved.map(({ address }) => refusal(address)).find((one) => one);
      if (refusedHere) done(refusedHere, []);
      else if (options.all === true) done(null, addresses);
      else done(null, addresses[0]?.address ?? "", addresses[0]?.family);
    });
}

function refusalOf(
  address: string,
  { near, host }: { readonly near: ReadonlySet<NetworkClass>; readonly host: string },
): OutOfReach | undefined {
  const kind = networkClassOf(address);
  if (kind === "public" || near.has(kind)) return undefined;
  return new OutOfReach(`${host} is at a ${kind} address; list it under hosts in server.yaml if it is meant`);
}

/** The network classes of a host's addresses; empty when its name cannot be resolved now. */
async function classesOf(host: string): Promise<ReadonlySet<NetworkClass>> {
  return new Set((await addressesOf(withoutBrackets(host))).map(networkClassOf));
}

/** Empty when its name cannot be resolved here. */
async function addressesOf(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}

/**
 * With a proxy, possibly only the proxy can resolve a name: the addresses are checked here as far as they are known
 * here.
 */
function hasProxies(): boolean {
  return ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"].some((name) => process.env[name]);
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}
