// What GitHub's schema lets be null and is there in what GitHub answers, as GitHub answers with errors where it cannot give it. Without
// it nobody knows what there is: a list of the App's deployments that was left out is no empty one.

const LISTS: ReadonlySet<string> = new Set(["nodes", "labels", "deployments"]);

/**
 * Where a repository, a list or an entry of one is null, such as `repository.p0_0.nodes.3`; `undefined` where nothing is. What stands
 * under an alias that begins with `maybe` may be.
 */
export function leftOut(answer: unknown, path = ""): string | undefined {
  if (typeof answer !== "object" || answer === null) return undefined;
  for (const [key, value] of Object.entries(answer)) {
    if (key.startsWith("maybe")) continue;
    const here = path === "" ? key : `${path}.${key}`;
    if (value === null && (LISTS.has(key) || here === "repository" || Array.isArray(answer))) return here;
    const deeper = leftOut(value, here);
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}
