// Which proxies' X-Forwarded-* headers are trusted.

import { BlockList, isIP } from "node:net";

/** Evaluated on each request, since the list may change; fastify would read a list only once. */
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

/** IPv4-mapped IPv6 addresses, as on dual-stack sockets, are treated as IPv4. */
function familyOf(address: string): [address: string, family: "ipv4" | "ipv6"] {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  return [mapped, isIP(mapped) === 4 ? "ipv4" : "ipv6"];
}
