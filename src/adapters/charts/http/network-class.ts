// The network class of an IP address: which ones untrusted URLs may reach, and which are internal.

import { BlockList, isIP } from "node:net";

export type NetworkClass = "public" | "loopback" | "link-local" | "private";

/** IANA's special-purpose registries (RFC 6890 and its successors); everything else reserved counts as private. */
const NETWORKS: readonly (readonly [NetworkClass, readonly string[]])[] = [
  ["loopback", ["127.0.0.0/8", "::1/128"]],
  ["link-local", ["169.254.0.0/16", "fe80::/10"]],
  [
    "private",
    [
      ...[
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.168.0.0/16",
      ],
      ...[
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
        "::/96",
        "::ffff:0:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
      ],
      ...["fec0::/10", "ff00::/8"],
    ],
  ],
];

const LISTS = NETWORKS.map(([kind, networks]) => {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", prefix] = network.split("/");
    list.addSubnet(address, Number(prefix), address.includes(":") ? "ipv6" : "ipv4");
  }
  return { kind, list };
});

/** `address`: an IP address without brackets. An IPv4-mapped IPv6 address is classified as IPv4. */
export function networkClassOf(address: string): NetworkClass {
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  return LISTS.find(({ list }) => list.check(address, family))?.kind ?? "public";
}
