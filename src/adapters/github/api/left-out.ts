// Finds nulls that GitHub's schema allows but that only occur together with errors. They must not be taken for empty: a
// missing list of the App's deployments is not an empty one.

const LISTS: ReadonlySet<string> = new Set(["nodes", "labels", "deployments"]);

/**
 * Path of a repository, list or list entry that is null, such as `repository.p0_0.nodes.3`; `undefined` when there is
 * none. Values under an alias that begins with `maybe` may be null. A response may have hundreds of thousands of
 * values, so the path is only built when one is found.
 */
export function leftOut(answer: unknown): string | undefined {
  const whole: object = Object(answer);
  return Reflect.get(whole, "repository") === null ? "repository" : firstGap(whole);
}

function firstGap(value: object): string | undefined {
  const isList = Array.isArray(value);
  for (const key of Object.keys(value)) {
    const inner: unknown = Reflect.get(value, key);
    if (typeof inner !== "object") continue;
    if (inner === null) {
      if (isList || LISTS.has(key)) return key;
    } else if (!key.startsWith("maybe")) {
      const deeper = firstGap(inner);
      if (deeper !== undefined) return `${key}.${deeper}`;
    }
  }
  return undefined;
}
