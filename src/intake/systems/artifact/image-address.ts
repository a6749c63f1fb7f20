// Image and chart references in events.

/** `host/path:tag`; a colon counts only after the last slash. Path and tag are empty for an invalid reference. */
export function parseImageAddress(address: string): { readonly path: string; readonly tag: string } {
  const slash = address.indexOf("/");
  if (slash < 1) return { path: "", tag: "" };
  const below = address.slice(slash + 1);
  const colon = below.indexOf(":", below.lastIndexOf("/") + 1);
  return colon === -1
    ? { path: below, tag: "" }
    : { path: below.slice(0, colon), tag: below.slice(colon + 1) };
}
