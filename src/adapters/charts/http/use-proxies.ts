// HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in capitals or not, for every request of one thread: each has settings of its own.

const NAMES = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"];

/** The names of those that are no address of an HTTP proxy; then none is used. */
export function useProxies(): readonly string[] {
  const named = NAMES.filter((name) => process.env[name]);
  const wrong = named.filter((name) => !isHttpAddress(process.env[name] ?? ""));
  // An import would load all of `fetch`, for commands that need no network too.
  if (named.length > 0 && wrong.length === 0)
    process.getBuiltinModule("node:http").setGlobalProxyFromEnv(process.env);
  return wrong;
}

function isHttpAddress(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? "");
}
