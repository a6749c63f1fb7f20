// Heals and redeployments of environments that are frozen, or that the App is to leave alone.

import type { MultiTenantTestBed } from "../multi-tenant-test-bed.ts";
import type { Memory } from "./memory.ts";
import { ENVIRONMENTS } from "./stage.ts";
import { deploymentsIn, isOwnHeal } from "./truth.ts";

/** Puts on record those that were made since the server knows. */
export function noteHeldRepeats({ testBed }: { readonly testBed: MultiTenantTestBed }, memory: Memory): void {
  for (const environment of ENVIRONMENTS) {
    const frozen = memory.frozenAt.get(environment.name);
    const kept = memory.keptAt.get(environment.name);
    for (const deployment of deploymentsIn(testBed, environment)) {
      const { id, task } = deployment;
      if (frozen && task !== "deploy" && !frozen.has(id)) memory.madeFrozen.add(id);
      if (kept && isOwnHeal(deployment) && !kept.has(id)) memory.madeKept.add(id);
    }
  }
}
