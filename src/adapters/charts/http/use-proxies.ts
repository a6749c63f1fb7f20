// Applies HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in upper or lower case, to every request of this thread: each thread
// has its own settings.

const NAMES = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"];

/** Returns the names of variables that are not the URL of an HTTP proxy; then no proxy is used. */
export function useProxies(): readonly string[] {
  const named = NAMES.filter((name) => process.env[name]);
  const wrong = named.filter((name) => !isHttpAddress(process.env[name] ?? ""));
  // An import would load all of `fetch`, even for commands that need no network.
  if (named.length > 0 && wrong.length === 0)
    process.getBuiltinModule("node:http").setGlobalProxyFromEnv(process.env);
  return wrong;
}

function isHttpAddress(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? "");
}
