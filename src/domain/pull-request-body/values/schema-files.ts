// Schemas that lead to files of the machine that reads them: Helm's reader of schemas opens whatever `$ref` names, and
// its words then quote what stands there.

/** Where JSON Schema has the address of another document, in any of its drafts. */
const ADDRESSES: ReadonlySet<string> = new Set(["$ref", "$dynamicRef", "$recursiveRef", "$schema"]);

/**
 * Within the document itself, or of a server. Whatever else there is stands in a file: a relative one is one of the
 * root folder.
 */
function isNoFile(address: string): boolean {
  const lower = address.toLowerCase();
  return lower === "" || ["#", "http:", "https:"].some((start) => lower.startsWith(start));
}

/**
 * The first address of a file in the text of a values.schema.json; none in what is no JSON, which Helm does not read
 * either.
 */
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
