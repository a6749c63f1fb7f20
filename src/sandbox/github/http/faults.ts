// Planned faults of requests to GitHub: which request is hit, and what happens.

import type { RefusalType } from "../world/refusal.ts";
import type { Call } from "./call.ts";

export type Fault =
  /** An error without any effect. */
  | { readonly kind: "500" | "502" | "401" }
  /** An error although the request took effect. */
  | { readonly kind: "502-after-effect" }
  /** A connection reset, before or after the request took effect. */
  | { readonly kind: "reset-before" | "reset-after-effect" }
  /** Holds the connection open without an answer, at most `ms` (default one minute). */
  | { readonly kind: "timeout" | "timeout-after-effect"; readonly ms?: number }
  | { readonly kind: "slow"; readonly ms: number }
  /** The rate limit is reset `resetSeconds` from now (default 60). */
  | { readonly kind: "primary-limit"; readonly resetSeconds?: number }
  /** `form`: in GraphQL the secondary limit is a 403, or a 200 with an error. */
  | {
      readonly kind: "secondary-limit";
      readonly retryAfterSeconds?: number;
      readonly form?: "403" | "429" | "200";
    }
  /** A read returns the state before the last change; `records`: for everything but branches. */
  | { readonly kind: "stale-read"; readonly of?: "records" }
  /** Only the first `fields` mutations of a document take effect; then the answer is lost (502). */
  | { readonly kind: "prefix"; readonly fields: number }
  /** One mutation of a document is refused, the others are carried out. */
  | {
      readonly kind: "field-refused";
      /** Name of the root field. */
      readonly field: string;
      readonly type?: RefusalType;
      readonly message?: string;
    }
  /** Refused completely, without any effect: 403. */
  | { readonly kind: "denied"; readonly message?: string };

export type FaultKind = Fault["kind"];

/** Faults without parameters. */
export type PlainFaultKind = Exclude<FaultKind, "slow" | "prefix" | "field-refused">;

type CallMatch = (call: Call) => boolean;

export interface WhichCall {
  /** Which of the matching calls from now on, counted from 1; default the first. */
  readonly nth?: number;
  /** How many calls from there on; default one. */
  readonly times?: number;
  readonly match?: CallMatch;
}

interface Plan {
  readonly fault: Fault;
  readonly match: CallMatch;
  readonly first: number;
  readonly last: number;
  seen: number;
}

export class Faults {
  #plans: Plan[] = [];

  plan(which: WhichCall, fault: Fault): void {
    const first = which.nth ?? 1;
    const last = first + (which.times ?? 1) - 1;
    this.#plans.push({ fault, match: which.match ?? (() => true), first, last, seen: 0 });
  }

  clear(): void {
    this.#plans = [];
  }

  /** Whether faults are still to come. */
  get pending(): boolean {
    return this.#plans.some(({ seen, last }) => seen < last);
  }

  /** The fault for this call; every plan counts the call. */
  strike(call: Call): Fault | undefined {
    let struck: Fault | undefined;
    for (const plan of this.#plans) {
      if (!plan.match(call)) continue;
      plan.seen++;
      if (plan.seen >= plan.first && plan.seen <= plan.last) struck ??= plan.fault;
    }
    return struck;
  }
}
