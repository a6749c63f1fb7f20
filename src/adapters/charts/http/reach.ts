// Where a request may lead that strangers have a say in: the addresses that an index lists, and those that servers redirect
// to. The operator's own address may stand anywhere. Any other is reached on the public internet, on the kind of network
// that the operator's own address is on, or where the operator listed its host; whatever name it has, and whatever that name
// stands for by the time of the request.

import { lookup as lookUpName } from "node:dns";
import { lookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { type NetworkClass, networkClassOf } from "./network-class.ts";

export interface Reach {
  /** The host that the operator named, without a port. */
  readonly home: string;
  /** Other hosts that the operator listed, with a port or without. */
  readonly hosts?: readonly string[];
}

/** Whether the operator named this host, so that it may have a login and stand anywhere. */
export function isNamed({ home, hosts = [] }: Reach, { hostname, host }: URL): boolean {
  return hostname === home || hosts.includes(hostname) || hosts.includes(host);
}

/** An address that is out of reach. Has a code, as errors of the network have. */
class OutOfReach extends Error {
  readonly code = "OUT_OF_REACH";
}

/** For the request to `url`: how its name is looked up. Throws where it is an address that is out of reach. */
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

/** What kinds of network a host is on; none when its name is not known now. */
async function classesOf(host: string): Promise<ReadonlySet<NetworkClass>> {
  return new Set((await addressesOf(withoutBrackets(host))).map(networkClassOf));
}

/** None when its name is not known here. */
async function addressesOf(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}

/** Then a name may be looked up by the proxy alone: what it stands for is looked at here as far as it is known here. */
function hasProxies(): boolean {
  return ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"].some((name) => process.env[name]);
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}
