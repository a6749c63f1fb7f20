// HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in capitals or not, for every request of one thread: each has settings of its own.

import http from "node:http";

const NAMES = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"];

/** The names of those that are no address of an HTTP proxy; then none is used. */
export function useProxies(): readonly string[] {
  const wrong = NAMES.filter((name) => process.env[name] && !isHttpAddress(process.env[name] ?? ""));
  if (wrong.length === 0) http.setGlobalProxyFromEnv(process.env);
  return wrong;
}

function isHttpAddress(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? "");
}
