// Formats a path for `helm --set`: the inverse of parsePath.

import type { ValuePath } from "../model/umbrella.ts";

export function pathText(path: ValuePath): string {
  return path
    .map((step, at) => {
      if (typeof step === "number") return `[${step}]`;
      if (at === 0) return escaped(step);
      return /^[0-9]+$/.test(step) ? `.\\${step}` : `.${escaped(step)}`;
    })
    .join("");
}

function escaped(key: string): string {
  return key.replace(/[\\.=,[]/g, (rune) => `\\${rune}`);
}
