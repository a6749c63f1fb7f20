// multipart/form-data (RFC 7578), as far as `curl -F` and `helm cm-push` write it.

/** The bytes of each named part, in order. */
export function multipartFields(contentType: string, body: Buffer): ReadonlyMap<string, Buffer> {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  const fields = new Map<string, Buffer>();
  if (boundary === undefined) return fields;
  for (const part of split(body, Buffer.from(`--${boundary}`))) {
    const end = part.indexOf("\r\n\r\n");
    const name = /name="([^"]*)"/.exec(part.subarray(0, Math.max(end, 0)).toString())?.[1];
    if (name !== undefined) fields.set(name, part.subarray(end + 4, part.length - 2));
  }
  return fields;
}

function split(body: Buffer, delimiter: Buffer): readonly Buffer[] {
  const parts: Buffer[] = [];
  let from = body.indexOf(delimiter);
  while (from >= 0) {
    const to = body.indexOf(delimiter, from + delimiter.length);
    if (to >= 0) parts.push(body.subarray(from + delimiter.length, to));
    from = to;
  }
  return parts;
}
