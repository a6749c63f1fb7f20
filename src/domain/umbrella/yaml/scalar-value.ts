import { type GoScalar, resolveScalar } from "../../go-yaml/decode/go-scalar.ts";
import type { Scalar } from "./yaml-tree.ts";

/** What go-yaml makes of a scalar; null where it would not decode it, which no tree that has been read holds. */
export function scalarValue({ text, style, tag }: Scalar): GoScalar {
  const implicit = tag === undefined ? style === "plain" : tag === "!";
  const resolved = resolveScalar({ text, tag: tag ?? "", implicit });
  return resolved.ok ? resolved.value : null;
}
