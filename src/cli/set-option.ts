// `--set PATH=VALUE`, read like `helm --set`: dotted keys, `\.` for a dot within one, numbers and booleans by their look.

import type { Value } from "../model/umbrella.ts";

export interface SetOption {
  readonly path: readonly string[];
  readonly value: Value;
}

/** `undefined` when there is no `=`, no path, or broken JSON behind it. */
export function parseSet(text: string): SetOption | undefined {
  const at = text.indexOf("=");
  if (at <= 0) return undefined;
  const path = text
    .slice(0, at)
    .split(/(?<!\\)\./)
    .map((key) => key.replaceAll("\\.", "."));
  const value = parseValue(text.slice(at + 1));
  return value === undefined || path.includes("") ? undefined : { path, value };
}

/** `[…]` and `{…}` are JSON; a whole number, true, false and null are what they look like; all else is text. */
function parseValue(text: string): Value | undefined {
  if (/^(true|false|null|0|-?[1-9]\d{0,14})$/.test(text) || /^[[{"]/.test(text)) return parseJson(text);
  return text;
}

function parseJson(text: string): Value | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
