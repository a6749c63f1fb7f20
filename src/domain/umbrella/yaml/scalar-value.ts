import { type GoScalar, resolveScalar } from "../../go-yaml/decode/go-scalar.ts";
import type { Scalar } from "./yaml-tree.ts";

/** The value of a scalar as go-yaml decodes it; null if it cannot, which does not occur in a tree that was read. */
export function scalarValue({ text, style, tag }: Scalar): GoScalar {
  const implicit = tag === undefined ? style === "plain" : tag === "!";
  const resolved = resolveScalar({ text, tag: tag ?? "", implicit });
  return resolved.ok ? resolved.value : null;
}
