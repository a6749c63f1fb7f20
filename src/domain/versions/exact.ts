// Whether a dependency's `version` is a pin (one version) or a range.

import { parseVersion } from "./version.ts";

const THREE_PARTS = /^v?\d+\.\d+\.\d+/;

/** `1.2.3`, `=1.2.3`, `v1.2.3` and pre-releases of them. `1.2` is a range: Helm reads it as `~1.2`. */
export function isExact(constraint: string): boolean {
  const text = constraint.trim().replace(/^=\s*/, "");
  return THREE_PARTS.test(text) && parseVersion(text) !== undefined;
}
