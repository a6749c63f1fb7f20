// Works on a repository's environments in waves: each environment after the one that its `after` names; many of one
// wave run concurrently.

import type { Environment } from "../../domain/model/config/config.ts";

/**
 * GitHub allows 100 concurrent requests for an App's installation and advises fewer (docs.github.com, "Rate limits for
 * the REST API", "Best practices for using the REST API"); up to eight repositories of one owner are reconciled
 * concurrently.
 */
const AT_ONCE = 8;

/**
 * A wave of up to eight environments runs sequentially, in the order of the config file, so that pull requests are
 * numbered in that order and GitHub gets one write after the other. A larger wave runs eight at a time. Returns
 * outcomes in the order of the environments. After a throw no further environment is begun; it rejects when the running
 * ones have ended.
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

/** Groups environments so that an environment's results are recorded before those after it are planned. */
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
