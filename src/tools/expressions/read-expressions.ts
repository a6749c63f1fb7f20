// Collects the regular expressions in the product's source.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "@swc/core";

const SRC = fileURLToPath(new URL("../..", import.meta.url));
const NO_PRODUCT = /^(?:sandbox|tools)\//;

export interface Expression {
  readonly source: string;
  readonly flags: string;
}

export interface ReadExpressions {
  /** By text, without duplicates. */
  readonly literals: ReadonlyMap<string, Expression>;
  /** Files below src that contain each of them. */
  readonly files: ReadonlyMap<string, ReadonlySet<string>>;
  /** Files below src that build regular expressions from other text, with their number. */
  readonly made: ReadonlyMap<string, number>;
}

export function readExpressions(): ReadExpressions {
  const literals = new Map<string, Expression>();
  const made = new Map<string, number>();
  const places = new Map<string, Set<string>>();
  const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).sort();
  for (const file of files.filter((name) => name.endsWith(".ts") && !NO_PRODUCT.test(name)))
    for (const node of nodesOf(parseSync(readFileSync(join(SRC, file), "utf8"), { syntax: "typescript" }))) {
      const expression = literalIn(node);
      if (expression) {
        const written = `/${expression.source}/${expression.flags}`;
        literals.set(written, expression);
        places.set(written, (places.get(written) ?? new Set()).add(file));
      }
      if (makesExpression(node)) made.set(file, (made.get(file) ?? 0) + 1);
    }
  return { literals, files: places, made };
}

type Node = Readonly<Record<string, unknown>>;

function* nodesOf(value: unknown): Generator<Node> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield value as Node;
  for (const child of Object.values(value)) yield* nodesOf(child);
}

function literalIn({ type, pattern, flags }: Node): Expression | undefined {
  return type === "RegExpLiteral" ? { source: String(pattern), flags: String(flags) } : undefined;
}

function makesExpression({ type, callee }: Node): boolean {
  if (type !== "NewExpression" && type !== "CallExpression") return false;
  return typeof callee === "object" && callee !== null && "value" in callee && callee.value === "RegExp";
}
