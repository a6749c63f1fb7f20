// Parses a deployment from GraphQL back into what the App wrote when it created it.

import { saysWaiting } from "../../../domain/deployment/describe.ts";
import type { Moved, Repeat } from "../../../domain/model/deployment.ts";
import type { StandingDeployment } from "../../../domain/model/github/merge.ts";

/** Fields of a `Deployment`. */
export const DEPLOYMENT = `databaseId environment task payload state createdAt creator { login __typename }
      statuses(first: 10) { nodes { state description createdAt } }`;

export interface RawDeployment {
  readonly databaseId: number;
  readonly environment: string | null;
  readonly task: string | null;
  /** JSON text. */
  readonly payload: string | null;
  readonly state: string | null;
  readonly createdAt: string;
  readonly creator: { readonly login: string; readonly __typename: string } | null;
  readonly statuses: { readonly nodes: readonly RawStatus[] } | null;
}

interface RawStatus {
  readonly state: string;
  readonly description: string | null;
  readonly createdAt: string;
}

const STATES: Readonly<Record<string, StandingDeployment["state"]>> = {
  SUCCESS: "success",
  FAILURE: "failure",
  ERROR: "error",
  INACTIVE: "inactive",
  IN_PROGRESS: "in_progress",
  QUEUED: "queued",
  PENDING: "held",
};

/**
 * GitHub sets a success to inactive when a later deployment succeeds; it counts as a success. `held` as well while it
 * waits for another one: no deployer was called.
 */
export function readDeployment({
  databaseId,
  environment,
  payload,
  createdAt,
  statuses,
}: RawDeployment): StandingDeployment {
  const newest = statuses?.nodes ?? [];
  const status = newest.find(({ state }) => state === "SUCCESS") ?? newest[0];
  return {
    id: databaseId,
    environment: environment ?? "",
    promotions: movesIn(payload),
    state: saysWaiting(status?.description ?? "") ? "held" : (STATES[status?.state ?? ""] ?? "queued"),
    createdAt: new Date(createdAt),
    changedAt: new Date(status?.createdAt ?? createdAt),
  };
}

/** By its newest status; a deployment without any status has no deployer. */
export function isUnderWay({ statuses }: RawDeployment): boolean {
  return ["QUEUED", "IN_PROGRESS", "PENDING"].includes(statuses?.nodes[0]?.state ?? "");
}

/** The deployment that it repeats, from the App's payload; `undefined` when it repeats none. */
export function repeatIn({ task, payload: text }: RawDeployment): Repeat | undefined {
  if (task !== "heal" && task !== "redeploy") return undefined;
  const payload = payloadOf(text);
  const { intent, by } = payload;
  const of = payload[task === "heal" ? "heals" : "redeploys"];
  if (typeof of !== "number" || typeof intent !== "string") return undefined;
  return { task, of, intent, ...(typeof by === "string" && { by }) };
}

/** The version changes in the App's payload. */
function movesIn(payload: string | null): readonly Moved[] {
  const { promotions } = payloadOf(payload);
  return Array.isArray(promotions) ? promotions.filter(isMoved) : [];
}

export function payloadOf(payload: string | null): Readonly<Record<string, unknown>> {
  const written: unknown = payload === null ? {} : JSON.parse(payload);
  return Object(typeof written === "string" ? JSON.parse(written) : written);
}

function isMoved(value: unknown): value is Moved {
  const move: Readonly<Record<string, unknown>> = Object(value);
  return ["chart", "from", "to"].every((key) => typeof move[key] === "string");
}
