// GitHub reduced to its rate limits, which are those of the sandbox, and its latency.

import type { Call } from "../../sandbox/github/http/call.ts";
import { Budget, GITHUB_LIMITS, resourceOf } from "../../sandbox/github/http/limits.ts";
import type { Chance } from "./chance.ts";
import type { VirtualTime } from "./virtual-time.ts";

export interface Latency {
  readonly query: number;
  readonly mutation: number;
  readonly rest: number;
}

export class SimulatedGitHub {
  readonly #time: VirtualTime;
  readonly #chance: Chance;
  readonly #latency: Latency;
  readonly #budgets = new Map<string, Budget>();
  #inFlight = 0;
  /** Times of the requests. */
  readonly requested: number[] = [];
  refused = 0;
  mostAtOnce = 0;

  constructor(time: VirtualTime, chance: Chance, latency: Latency) {
    this.#time = time;
    this.#chance = chance;
    this.#latency = latency;
  }

  async answer(call: Call, installation: string): Promise<Response> {
    this.requested.push(this.#time.now);
    this.#inFlight += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#inFlight);
    const budget = this.#budgetOf(installation);
    const refusal = budget.refuse(call);
    if (refusal === undefined) budget.spend(call, 1);
    else this.refused += 1;
    await this.#time.sleep(this.#chance.around(this.#latency[call.kind]));
    this.#inFlight -= 1;
    const { status, headers, body } = refusal ?? { status: 200, headers: {}, body: { data: {} } };
    return new Response(JSON.stringify(body), {
      status,
      headers: { "content-type": "application/json", ...budget.headers(resourceOf(call)), ...headers },
    });
  }

  #budgetOf(installation: string): Budget {
    const known = this.#budgets.get(installation);
    if (known !== undefined) return known;
    const budget = new Budget(GITHUB_LIMITS, this.#time.clock);
    this.#budgets.set(installation, budget);
    return budget;
  }
}

/** A request of a simulated replica. The owner's name is the installation. */
export function callOf(
  url: string,
  method: string,
  text: string,
): { readonly call: Call; readonly installation: string } {
  const path = new URL(url).pathname;
  const body: { readonly query?: string; readonly variables?: { readonly owner: string } } =
    text === "" ? {} : JSON.parse(text);
  const about = { method, path, query: new URLSearchParams(), headers: {}, body };
  if (path !== "/graphql")
    return { call: { ...about, kind: "rest" }, installation: path.split("/")[2] ?? "" };
  const { query = "", variables = { owner: "" } } = body;
  const graphql = {
    ...{ source: query, variables, operationName: undefined },
    rootFields: [],
    document: undefined,
  };
  const kind = query.startsWith("mutation") ? "mutation" : "query";
  return { call: { ...about, graphql, kind }, installation: variables.owner };
}
