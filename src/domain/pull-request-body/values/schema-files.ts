// Finds references to local files in a schema: Helm's schema loader opens any file that `$ref` names, and its error
// messages quote the content.

/** JSON Schema keywords that hold the address of another document, in any draft. */
const ADDRESSES: ReadonlySet<string> = new Set(["$ref", "$dynamicRef", "$recursiveRef", "$schema"]);

/**
 * A reference within the document or to a web server. Anything else is a file; relative addresses are resolved from the
 * root folder.
 */
function isNoFile(address: string): boolean {
  const lower = address.toLowerCase();
  return lower === "" || ["#", "http:", "https:"].some((start) => lower.startsWith(start));
}

/** The first file reference in a values.schema.json; none when it is not JSON, which Helm cannot read either. */
export function fileInSchema(schema: string): string | undefined {
  const left: unknown[] = [parsed(schema)];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value !== "object" || value === null) continue;
    for (const [key, part] of Object.entries(value)) {
      if (typeof part !== "string") left.push(part);
      else if (ADDRESSES.has(key) && !isNoFile(part)) return part;
    }
  }
  return undefined;
}

function parsed(schema: string): unknown {
  try {
    return JSON.parse(schema.replace(/^\ufeff/, ""));
  } catch {
    return undefined;
  }
}
