// What GitHub's schema lets be null and is there in what GitHub answers, as GitHub answers with errors where it cannot give it. Without
// it nobody knows what there is: a list of the App's deployments that was left out is no empty one.

const LISTS: ReadonlySet<string> = new Set(["nodes", "labels", "deployments"]);

/**
 * Where a repository, a list or an entry of one is null, such as `repository.p0_0.nodes.3`; `undefined` where nothing is. What stands
 * under an alias that begins with `maybe` may be. An answer may have hundreds of thousands of values, so that the place is put together
 * only where one is found.
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
