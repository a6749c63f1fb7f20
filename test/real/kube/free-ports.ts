// Ports for servers that cannot choose one themselves.

import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** So many loopback ports that nobody listens on. All are held until the last is found, so no two are the same. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const addresses: readonly AddressInfo[] = servers.map((server) => Object(server.address()));
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return addresses.map(({ port }) => port);
}
