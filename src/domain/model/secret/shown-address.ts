// URLs for messages, without credentials: pull requests, checks and logs have many readers.

/**
 * Without `user:password@`; a user name alone is removed as well, since registries accept tokens there. The rest is
 * unchanged.
 */
export function withoutLogin(address: string): string {
  if (!/[/\\]{2}/.test(address)) return address;
  const url = URL.parse(address);
  if (url === null) return address.replace(/^([a-z][a-z0-9+.-]*:[/\\]+(?![/\\]))?.*@/is, "$1");
  if (url.username === "" && url.password === "") return address;
  url.username = "";
  url.password = "";
  return url.href;
}

/** Also without query and fragment, which may contain a signature or a token. */
export function shownAddress(address: string): string {
  const open = withoutLogin(address);
  return /[/\\]{2}/.test(open) ? open.replace(/[?#].*$/s, "") : open;
}
