// HTTP Basic credentials (RFC 7617): `Basic base64(name:password)`, in UTF-8.

export interface Credentials {
  readonly name: string;
  readonly secret: string;
}

/** `undefined` when the header is absent or is not well-formed Basic. */
export function parseBasic(authorization: string | undefined): Credentials | undefined {
  const encoded = /^basic +([a-z0-9+/]+=*) *$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon === -1 ? undefined : { name: text.slice(0, colon), secret: text.slice(colon + 1) };
}
