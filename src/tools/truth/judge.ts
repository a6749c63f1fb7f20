// Compares the text about one triple with the facts.

import { factsOf } from "./facts/all.ts";
import type { Change } from "./facts/changes.ts";
import type { Facts } from "./facts/facts.ts";
import { statedByHelm } from "./facts/verdict.ts";
import { checkLines } from "./lines.ts";
import { type Both, withRendered } from "./render.ts";
import { claimsIn } from "./text/claims.ts";
import { differencesIn } from "./text/differences.ts";
import { partsOf } from "./text/sections.ts";
import { readTriple, type Triple } from "./triple.ts";

export interface Written {
  readonly body: string;
  /** Conclusion of the check run. */
  readonly check: string;
}

export interface Verdict {
  readonly stated: number;
  readonly true: number;
  readonly false: readonly string[];
  readonly missed: readonly string[];
}

/** Everything known about a triple. */
export interface Truth {
  readonly environment: string;
  readonly facts: Facts;
  readonly changes: readonly Change[];
  readonly both: Both;
}

export async function truthOf(triple: Triple): Promise<Truth> {
  const stated = await readTriple(triple);
  return withRendered(triple, stated, async (both) => {
    const { facts, changes } = await factsOf({ triple, stated, both });
    return { environment: stated.environment, facts, changes, both };
  });
}

export function judge({ body, check }: Written, { environment, facts, changes, both }: Truth): Verdict {
  const parts = partsOf(body);
  const [read, shown] = [claimsIn(parts, environment), differencesIn(parts, environment)];
  const claims = [...new Set([...read.claims, ...shown.claims, `check: ${check}`])];
  const lines = checkLines(shown.differences, changes);
  const unstated = unstatedOf(facts, claims).filter(
    (fact) => !read.cut.some((start) => fact.startsWith(start)),
  );
  const wrong = [...untrueOf(claims, facts, both), ...lines.false];
  const count = claims.length + lines.stated;
  const missed = [...new Set([...unstated, ...lines.missed])];
  return { stated: count, true: count - wrong.length, false: wrong, missed };
}

function untrueOf(claims: readonly string[], { must, may }: Facts, both: Both): readonly string[] {
  const known = new Set([...must, ...may]);
  const fits = (claim: string): boolean => {
    const pattern = patternOf(claim);
    return pattern !== undefined && [...known].some((fact) => pattern.test(fact));
  };
  return claims.filter((claim) => !known.has(claim) && !fits(claim) && !statedByHelm(claim, both));
}

function unstatedOf({ must }: Facts, claims: readonly string[]): readonly string[] {
  const claimed = new Set(claims);
  const patterns = claims.flatMap((claim) => patternOf(claim) ?? []);
  return must.filter((fact) => !claimed.has(fact) && !patterns.some((pattern) => pattern.test(fact)));
}

/** Hidden or clipped parts, and unnamed containers, match anything. */
function patternOf(claim: string): RegExp | undefined {
  if (!/••••••|…| in \*$/.test(claim)) return undefined;
  const parts = claim.split(/••••••|…|(?<= in )\*$/);
  const literal = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literal.join("[\\s\\S]*")}$`);
}
