// Environments of one repository are worked on in their order, each after the one that its `after` names; where they are many,
// side by side.

import type { Environment } from "../../domain/model/config/config.ts";

/**
 * GitHub allows 100 requests at once for an App's installation, and asks for fewer (docs.github.com, "Rate limits for the REST API",
 * "Best practices for using the REST API"); eight repositories of one owner are worked on at once.
 */
const AT_ONCE = 8;

/**
 * Up to eight one after the other: their pull requests are numbered as the config file has them, and GitHub asks for one change after
 * the other. More of them eight at once. Answers in the order of the environments. After a throw nothing new is begun, and what was
 * begun has ended.
 */
export async function sideBySide<Outcome>(
  environments: readonly Environment[],
  work: (environment: Environment) => Promise<Outcome>,
): Promise<readonly Outcome[]> {
  const outcomes = new Map<string, Outcome>();
  for (const wave of waves(environments)) {
    const waiting = [...wave];
    const failures: unknown[] = [];
    const lane = async () => {
      for (let next = waiting.shift(); next && failures.length === 0; next = waiting.shift()) {
        try {
          outcomes.set(next.name, await work(next));
        } catch (error) {
          failures.push(error);
        }
      }
    };
    await Promise.all(Array.from({ length: wave.length > AT_ONCE ? AT_ONCE : 1 }, lane));
    if (failures.length > 0) throw failures[0];
  }
  return environments.flatMap(({ name }) => {
    const outcome = outcomes.get(name);
    return outcome === undefined ? [] : [outcome];
  });
}

/** What comes of an environment is on record before those are planned that come after it. */
function waves(environments: readonly Environment[]): readonly (readonly Environment[])[] {
  const found: Environment[][] = [];
  let left = environments;
  while (left.length > 0) {
    const names = new Set(left.map(({ name }) => name));
    const isReady = ({ name, after }: Environment) =>
      !after || after.repository !== undefined || after.environment === name || !names.has(after.environment);
    const ready = left.filter(isReady);
    const wave = ready.length > 0 ? ready : left;
    found.push([...wave]);
    left = left.filter((environment) => !wave.includes(environment));
  }
  return found;
}
