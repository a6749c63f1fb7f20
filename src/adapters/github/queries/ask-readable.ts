// Asks for a repository's state without the environments of which GitHub cannot give everything.

import type {
  EnvironmentQuery,
  StateQuery,
  WhyUnreadable,
} from "../../../domain/model/github/observed-state.ts";
import { GitHubFailure } from "../api/failure.ts";

export interface ReadableState<Raw> {
  readonly raw: Raw;
  /** The environments that were read. */
  readonly environments: readonly EnvironmentQuery[];
  /** Those that GitHub could not give, by name. */
  readonly unreadable: ReadonlyMap<string, WhyUnreadable>;
}

/**
 * One request in the ordinary case. What GitHub leaves out is asked for once more, since that often passes; left out twice,
 * its environment, or its list of promotions, is not asked for.
 */
export async function askReadable<Raw>(
  query: StateQuery,
  ask: (query: StateQuery) => Promise<Raw>,
): Promise<ReadableState<Raw>> {
  let left = query;
  /** Gaps since something was left out last: whatever their order, each costs two requests. */
  const seen = new Set<string>();
  const leftOut: string[] = [];
  for (;;) {
    try {
      const raw = await ask(left);
      const unreadable = new Map(leftOut.map((name) => [name, "left-out"] as const));
      return { raw, environments: left.environments, unreadable };
    } catch (error) {
      const gap = error instanceof GitHubFailure ? error.gap : undefined;
      const less = gap === undefined ? undefined : without(left, gap);
      if (gap === undefined || !less) throw error;
      if (seen.has(gap)) {
        const kept = new Set(less.environments);
        leftOut.push(...left.environments.filter((one) => !kept.has(one)).map(({ name }) => name));
        left = less;
        seen.clear(); // the paths count the environments that are left
      } else seen.add(gap);
    }
  }
}

/** `undefined` where the gap is in what is always asked for. */
function without(query: StateQuery, gap: string): StateQuery | undefined {
  const [, part, index] = /^repository\.(?:(promotions|held)\b|[epb](\d+))/.exec(gap) ?? [];
  if (part === "promotions") return { ...query, openPromotions: false };
  if (part === "held") return { ...query, heldPromotions: false };
  if (index === undefined) return undefined;
  return { ...query, environments: query.environments.filter((_one, at) => at !== Number(index)) };
}
