// Package URLs, as far as charts need them. https://github.com/package-url/purl-spec/blob/main/PURL-SPECIFICATION.rst

export interface Purl {
  readonly type: string;
  readonly name: string;
  /** Empty if there is none. */
  readonly version: string;
  readonly qualifiers: URLSearchParams;
}

/** `undefined` for an invalid one; the namespace is dropped. */
export function parsePurl(text: string): Purl | undefined {
  const [, type, path, version = "", query = ""] =
    /^pkg:\/*([a-z][a-z0-9.+-]*)\/([^@?#]+)(?:@([^?#]*))?(?:\?([^#]*))?(?:#.*)?$/i.exec(text) ?? [];
  const name = path?.split("/").at(-1);
  if (type === undefined || name === undefined) return undefined;
  const decoded = decodeAll([name, version]);
  if (decoded === undefined) return undefined;
  const [decodedName = "", decodedVersion = ""] = decoded;
  return {
    type: type.toLowerCase(),
    name: decodedName,
    version: decodedVersion,
    qualifiers: new URLSearchParams(query.replaceAll("+", "%2B")),
  };
}

function decodeAll(texts: readonly string[]): readonly string[] | undefined {
  try {
    return texts.map(decodeURIComponent);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
