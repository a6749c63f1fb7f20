// Whose X-Forwarded-* headers are believed.

import { BlockList, isIP } from "node:net";

/** Asked for each request, since the list may change: fastify reads a list of its own once. */
export function trustsProxy(proxies: () => readonly string[] | undefined): (address: string) => boolean {
  let known: { readonly proxies: readonly string[] | undefined; readonly list: BlockList } | undefined;
  return (address) => {
    const now = proxies();
    if (known === undefined || known.proxies !== now) known = { proxies: now, list: listOf(now ?? []) };
    return known.list.check(...familyOf(address));
  };
}

function listOf(proxies: readonly string[]): BlockList {
  const list = new BlockList();
  for (const proxy of proxies) {
    const [address = "", prefix] = proxy.split("/");
    const [net, family] = familyOf(address);
    list.addSubnet(net, Number(prefix ?? (family === "ipv4" ? 32 : 128)), family);
  }
  return list;
}

/** IPv4 in IPv6, as sockets of both kinds have it, is IPv4. */
function familyOf(address: string): [address: string, family: "ipv4" | "ipv6"] {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  return [mapped, isIP(mapped) === 4 ? "ipv4" : "ipv6"];
}
