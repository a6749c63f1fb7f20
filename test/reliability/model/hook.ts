// A webhook deployer that takes calls, knows a repeat by its webhook-id, and says how a deployment ended when it is asked to.

import { startStandIn } from "../../../src/sandbox/chartmuseum/stand-in.ts";

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
  /** Deployments to the same environment that were under way when it came. */
  readonly beside: readonly number[];
  ended?: "success" | "failure";
  /** Whoever called does not know of it any more. */
  isForgotten?: boolean;
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
      return { status: 202 };
    }
    const parameters = read(text);
    const beside = [...calls.values()].filter((other) => isUnderWay(other) && isSamePlace(other, parameters));
    calls.set(key, {
      key,
      ...parameters,
      bodies: new Set([text]),
      beside: beside.map(({ deploymentId }) => deploymentId),
    });
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

function isUnderWay({ ended, isForgotten }: Called): boolean {
  return ended === undefined && isForgotten !== true;
}

function isSamePlace(one: Called, other: Pick<Called, "repository" | "environment">): boolean {
  return one.repository === other.repository && one.environment === other.environment;
}

function read(text: string) {
  const parameters: Readonly<Record<string, string>> = JSON.parse(text);
  return {
    deploymentId: Number(parameters["DEPLOYMENT_ID"]),
    repository: parameters["REPOSITORY"] ?? "",
    environment: parameters["ENVIRONMENT"] ?? "",
    revision: parameters["REVISION"] ?? "",
    charts: parameters["CHARTS"] ?? "",
  };
}
