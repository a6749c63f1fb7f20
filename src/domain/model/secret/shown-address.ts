// Addresses as messages may show them: whoever reads a pull request, a check or a log needs no login.

/** Without `user:password@`; a name alone goes too, since registries take tokens there. Anything else stays as it is. */
export function withoutLogin(address: string): string {
  if (!/[/\\]{2}/.test(address)) return address;
  const url = URL.parse(address);
  if (url === null) return address.replace(/^([a-z][a-z0-9+.-]*:[/\\]+(?![/\\]))?.*@/is, "$1");
  if (url.username === "" && url.password === "") return address;
  url.username = "";
  url.password = "";
  return url.href;
}

/** Also without its query and fragment: both may hold a signature or a token. */
export function shownAddress(address: string): string {
  const open = withoutLogin(address);
  return /[/\\]{2}/.test(open) ? open.replace(/[?#].*$/s, "") : open;
}
