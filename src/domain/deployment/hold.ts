// What holds an environment's deployments at an instant: a freeze, its windows, or the operator's pause.

import type { Environment } from "../model/config/config.ts";
import { freezeAt } from "./freeze.ts";
import { closedAt } from "./windows.ts";

export interface DeploymentHold {
  readonly by: "freeze" | "windows" | "operator";
  /** When nothing holds it any more; absent for the operator's pause, which has no end. */
  readonly until?: Date;
  readonly reason: string;
  /**
   * Whether it holds every deployment whose deployers were not called yet; a freeze holds only what was merged during
   * it.
   */
  readonly holdsAll?: true;
}

export type Holdable = Pick<Environment, "freeze" | "windows" | "paused">;

/** The operator's pause takes precedence. A freeze that ends outside of the windows lasts until they open. */
export function holdAt(environment: Holdable, at: Date): DeploymentHold | undefined {
  const { paused } = environment;
  if (paused !== undefined)
    return {
      ...{ by: "operator", holdsAll: true },
      reason: `the server's operator lets nothing be deployed here: ${paused}`,
    };
  const first = either(environment, at);
  if (!first) return undefined;
  return { ...first, until: endOf(first, environment) };
}

/** More consecutive holds than any real config has; beyond it, the hold is computed again at its end. */
const MOST_HOLDS = 50;

function endOf({ until }: EndingHold, environment: Holdable): Date {
  let end = until;
  for (let round = 0; round < MOST_HOLDS; round += 1) {
    const next = either(environment, end);
    if (!next || next.until <= end) break;
    end = next.until;
  }
  return end;
}

function either({ freeze, windows }: Holdable, at: Date): EndingHold | undefined {
  const frozen = freezeAt(freeze, at);
  const closed = windows && closedAt(windows, at);
  const reach = closed ? ({ holdsAll: true } as const) : {};
  if (frozen) return { by: "freeze", ...frozen, ...reach };
  return closed && { by: "windows", ...closed, ...reach };
}

type EndingHold = DeploymentHold & { readonly until: Date };
