// Applies the environment's proxy variables in every command.

import { useProxies } from "../adapters/charts/http/use-proxies.ts";

/** Warns of unusable variables; commands that need no network still work. */
export function installProxies(): void {
  for (const name of useProxies())
    process.stderr.write(`${name} is no http or https address of a proxy: no proxy is used.\n`);
}
