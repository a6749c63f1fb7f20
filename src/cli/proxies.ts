// Applies the environment's proxy variables in every command.

import { useProxies } from "../adapters/charts/http/use-proxies.ts";

/** Says which variables cannot be used; what needs no network works all the same. */
export function installProxies(): void {
  for (const name of useProxies())
    process.stderr.write(`${name} is no http or https address of a proxy: no proxy is used.\n`);
}
