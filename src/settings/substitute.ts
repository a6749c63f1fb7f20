// `${NAME}` in server.yaml: replaced from the environment, so that secrets are in no file. The file is parsed with a
// marker for each, so that `{ token: ${TOKEN} }` is valid and no value is parsed as YAML.

import type { DocumentPath } from "../domain/config/yaml-document.ts";

export interface Missing {
  readonly path: DocumentPath;
  readonly name: string;
}

/** Private use characters: no YAML syntax, and not in normal text. */
const [OPEN, CLOSE, LITERAL] = ["\uE000", "\uE001", "\uE002"];
const MARKS = new RegExp(`${OPEN}([^${CLOSE}]*)${CLOSE}|${LITERAL}`, "g");

/**
 * The text with markers for every `${NAME}`, and for `$${`, which stands for a literal `${`. Line numbers do not
 * change.
 */
export function marked(text: string): string {
  return text.replace(/\$(\$\{|\{([A-Za-z_][A-Za-z0-9_]*)\})/g, (_whole, _rest, name: string | undefined) =>
    name === undefined ? LITERAL : `${OPEN}${name}${CLOSE}`,
  );
}

/** All names that the text takes from the environment. */
export function namesIn(text: string): readonly string[] {
  return [...marked(text).matchAll(MARKS)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}

/** Replaces markers in texts from the environment; unset and empty names are returned with their place. */
export function substitute(
  value: unknown,
  env: Readonly<Record<string, string | undefined>>,
): { readonly value: unknown; readonly missing: readonly Missing[] } {
  const missing: Missing[] = [];
  return { value: walk(value, []), missing };

  function walk(part: unknown, path: DocumentPath): unknown {
    if (typeof part === "string") return filled(part, path);
    if (Array.isArray(part)) return part.map((item, index) => walk(item, [...path, index]));
    if (typeof part !== "object" || part === null) return part;
    const entries = Object.entries(part).map(([key, item]) => [asWritten(key), walk(item, [...path, key])]);
    return Object.fromEntries(entries);
  }

  function filled(text: string, path: DocumentPath): string {
    return text.replace(MARKS, (_mark, name: string | undefined) => {
      if (name === undefined) return "${";
      const found = env[name];
      if (found === undefined || found === "") missing.push({ path, name });
      return found ?? "";
    });
  }
}

/** Keys are not substituted. */
function asWritten(text: string): string {
  return text.replace(MARKS, (_mark, name: string | undefined) =>
    name === undefined ? "$${" : `\${${name}}`,
  );
}
