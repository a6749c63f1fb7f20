// `${NAME}` in server.yaml: taken from the environment, so that secrets stand in no file.

import type { Path } from "../config/yaml-document.ts";

export interface Missing {
  readonly path: Path;
  readonly name: string;
}

/** Texts with every `${NAME}` replaced; `$${` stands for `${` itself. Names that are not set are listed with their place. */
export function substitute(
  value: unknown,
  env: Readonly<Record<string, string | undefined>>,
): { readonly value: unknown; readonly missing: readonly Missing[] } {
  const missing: Missing[] = [];
  return { value: walk(value, []), missing };

  function walk(part: unknown, path: Path): unknown {
    if (typeof part === "string") return filled(part, path);
    if (Array.isArray(part)) return part.map((item, index) => walk(item, [...path, index]));
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, walk(item, [...path, key])]));
  }

  function filled(text: string, path: Path): string {
    return text.replace(
      /\$(\$\{|\{([A-Za-z_][A-Za-z0-9_]*)\})/g,
      (whole, _rest, name: string | undefined) => {
        if (name === undefined) return whole.slice(1);
        const found = env[name];
        if (found === undefined || found === "") missing.push({ path, name });
        return found ?? "";
      },
    );
  }
}
