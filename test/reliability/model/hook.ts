// A webhook deployer that takes calls, knows a repeat by its webhook-id, and says how a deployment ended when it is asked to.

import { startStandIn } from "../../../src/sandbox/museum/stand-in.ts";

export const HOOK_SECRET = "hook-secret";

export interface Called {
  /** The idempotency key. */
  readonly key: string;
  readonly deploymentId: number;
  readonly repository: string;
  readonly environment: string;
  readonly revision: string;
  readonly charts: string;
  /** Bodies of the first call and of its repeats. */
  readonly bodies: Set<string>;
  ended?: "success" | "failure";
}

export type Hook = Awaited<ReturnType<typeof startHook>>;

export async function startHook() {
  /** One for each key, in the order of first arrival. */
  const calls = new Map<string, Called>();
  const standIn = await startStandIn(({ headers, body }) => {
    const key = String(headers["webhook-id"]);
    const text = body.toString();
    const known = calls.get(key);
    if (known) {
      known.bodies.add(text);
      // Told again of what is done, it will say so again.
      delete known.ended;
    } else calls.set(key, { key, ...read(text), bodies: new Set([text]) });
    return { status: 202 };
  });
  return {
    url: `${standIn.url}/hook`,
    calls,
    faults: standIn.faults,
    requests: standIn.requests,
    close: standIn.close,
    /** Not ended yet, oldest first. */
    running: () => [...calls.values()].filter(({ ended }) => ended === undefined),
  };
}

function read(text: string) {
  const said: Readonly<Record<string, string>> = JSON.parse(text);
  return {
    deploymentId: Number(said["DEPLOYMENT_ID"]),
    repository: said["REPOSITORY"] ?? "",
    environment: said["ENVIRONMENT"] ?? "",
    revision: said["REVISION"] ?? "",
    charts: said["CHARTS"] ?? "",
  };
}
