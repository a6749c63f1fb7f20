// The client of one installation: every request is budgeted, sent once, and its failure classified. No retries here.

import type { ProbotOctokit } from "probot";
import type { Tracing } from "../../../reconcile/ports/tracing.ts";
import type { Budget, CheckPart, Purpose } from "./budget.ts";
import { failureOf, GitHubFailure } from "./failure.ts";
import { leftOut } from "./left-out.ts";

/** The result of a mutation document: GitHub runs later fields even when an earlier one failed. */
export interface Mutated<T> {
  /** Failed fields are `null`; absent when nothing ran. */
  readonly data: Partial<T> | undefined;
  readonly errors: readonly { readonly type: string; readonly path: string; readonly message: string }[];
}

export interface ClientOptions {
  readonly octokit: () => Promise<ProbotOctokit>;
  /** The next request gets a new token: the cached one was revoked, or lacks a permission granted since. */
  readonly renewToken: () => Promise<void>;
  readonly budget: Budget;
  readonly clock: () => Date;
  /** Every request is a span. */
  readonly tracing: Pick<Tracing, "span">;
}

type Variables = Readonly<Record<string, unknown>>;

export class InstallationClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /**
   * `activity` completes the sentence "while …" in error messages. A root field whose alias begins with `maybe` is
   * `null` when GitHub does not know the name. Throws `GitHubFailure` for every other error, and when a list or an
   * entry of one is `null`.
   */
  async query<T>(activity: string, document: string, variables: Variables): Promise<T> {
    const answer = await this.#query<T>(activity, document, variables);
    const lacking = leftOut(answer);
    if (lacking === undefined) return answer;
    const message = `GitHub left ${lacking} out of its answer while ${activity}`;
    throw new GitHubFailure(message, { kind: "unavailable", status: 200, gap: lacking });
  }

  async #query<T>(activity: string, document: string, variables: Variables): Promise<T> {
    return this.#send({ kind: "query", activity, purpose: "promotion" }, async (octokit) => {
      try {
        return await octokit.graphql<T>(document, { ...variables, request: { retries: 0 } });
      } catch (error) {
        const partial = partialAnswer<T>(error);
        if (!partial || !lacksOnlyOptional<T>(partial)) throw error;
        return partial.data;
      }
    });
  }

  /**
   * Sends a mutation document once. Field errors are returned, since other fields may have had their effect; rate
   * limits, missing permissions and lost answers are thrown. After either, read again before doing anything else.
   */
  async mutate<T>(
    about: { activity: string; purpose: Purpose; check?: "follows" },
    document: string,
    variables: Variables,
  ): Promise<Mutated<T>> {
    return this.#send({ kind: "mutation", ...about }, async (octokit) => {
      try {
        const data = await octokit.graphql<Partial<T>>(document, { ...variables, request: { retries: 0 } });
        return { data, errors: [] };
      } catch (error) {
        const partial = partialAnswer<T>(error);
        if (!partial) throw error;
        return partial;
      }
    });
  }

  /** A REST request; `content`: it counts towards GitHub's content-creation limits. */
  async rest<T>(
    about: { activity: string; purpose: Purpose; content: boolean; check?: "written" },
    send: (octokit: ProbotOctokit) => Promise<T>,
  ): Promise<T> {
    return this.#send({ kind: "rest", ...about }, send);
  }

  /** Refreshes the installation's permissions. */
  async renewToken(): Promise<void> {
    await this.#options.renewToken();
  }

  async #send<T>(
    about: {
      readonly kind: "query" | "mutation" | "rest";
      readonly activity: string;
      readonly purpose: Purpose;
      readonly content?: boolean;
      readonly check?: CheckPart;
    },
    send: (octokit: ProbotOctokit) => Promise<T>,
  ): Promise<T> {
    const { budget, clock, tracing } = this.#options;
    const createsContent = about.content ?? about.kind === "mutation";
    const resource = about.kind === "rest" ? "core" : "graphql";
    budget.take(about.purpose, { createsContent, resource, ...(about.check && { check: about.check }) });
    try {
      const facts = { activity: about.activity };
      return await tracing.span(`GitHub ${about.kind}`, facts, async () =>
        send(await this.#options.octokit()),
      );
    } catch (error) {
      const failure = failureOf(error, about.activity, clock());
      if (failure.retryAt) budget.block(failure.retryAt);
      if (failure.status !== 401 && failure.kind !== "denied") throw failure;
      throw (await this.#goneSince(about.activity)) ?? failure;
    }
  }

  /**
   * A cached token hides that its installation was deleted: then no new one can be created, and the cached one is kept.
   */
  async #goneSince(activity: string): Promise<GitHubFailure | undefined> {
    try {
      await this.renewToken();
      return undefined;
    } catch (error) {
      const failure = failureOf(error, activity, this.#options.clock());
      return failure.kind === "missing" ? failure : undefined;
    }
  }
}

const PASSED_ON = new Set(["RATE_LIMITED", "FORBIDDEN"]);

/** The data of a GraphQL response with field errors; `undefined` for every other error. */
function partialAnswer<T>(error: unknown): Mutated<T> | undefined {
  if (!(error instanceof Error) || error.name !== "GraphqlResponseError") return undefined;
  if (!("errors" in error) || !Array.isArray(error.errors) || !("data" in error)) return undefined;
  const errors = error.errors.map((entry: { type?: string; path?: readonly string[]; message?: string }) => ({
    type: entry.type ?? "",
    path: entry.path?.[0] ?? "",
    message: entry.message ?? "",
  }));
  const isLimit = /secondary rate limit|submitted too quickly|Something went wrong/i;
  if (errors.some(({ type, message }) => PASSED_ON.has(type) || isLimit.test(message))) return undefined;
  const data = error.data;
  return { data: isPartial<T>(data) ? data : undefined, errors };
}

function lacksOnlyOptional<T>(answer: Mutated<T>): answer is Mutated<T> & { readonly data: T } {
  const isOptional = ({ type, path }: Mutated<T>["errors"][number]) =>
    type === "NOT_FOUND" && path.startsWith("maybe");
  return answer.data !== undefined && answer.errors.every(isOptional);
}

function isPartial<T>(data: unknown): data is Partial<T> {
  return typeof data === "object" && data !== null;
}
