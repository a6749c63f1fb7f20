// The progress of a publish, for its publisher: `GET /publishes/ID`.

import { fail, ok, type Problem, type Result } from "../domain/model/problem.ts";
import type { PromotionRecord, PromotionState, Publish, PublishState } from "../domain/model/publish.ts";
import type { Call } from "./call.ts";
import { mayReach } from "./caller/allow.ts";
import { authenticatePublisher, type PublisherPorts } from "./caller/authenticate.ts";
import type { LongPolls } from "./caller/long-polls.ts";

/** The parts of the database that it reads. */
export interface Records {
  readonly publishes: {
    get(id: string): Promise<Publish | undefined>;
    /** Repositories that have not planned for this publish yet. */
    pendingRoutes(id: string): Promise<readonly number[]>;
  };
  readonly promotions: { ofPublish(publishId: string): Promise<readonly PromotionRecord[]> };
  /** `owner/name`, also of removed repositories. */
  readonly repositories: { namesOf(ids: readonly number[]): Promise<ReadonlyMap<number, string>> };
}

export interface Progress {
  readonly id: string;
  readonly chart: string;
  readonly version: string;
  /** Name of the chart repository in server.yaml. */
  readonly repository: string;
  readonly state: PublishState;
  /**
   * Whether it is verified or rejected, and planned for in every dependent repository: only people change anything
   * after that.
   */
  readonly settled: boolean;
  /** `owner/name` of the config repositories that have still to plan for it. */
  readonly pending: readonly string[];
  readonly problem?: Pick<Problem, "code" | "message" | "help">;
  readonly promotions: readonly {
    /** `owner/name` of the config repository; the last known name of a removed one. */
    readonly repository: string;
    readonly environment: string;
    readonly state: Exclude<PromotionState, "waiting">;
    /** Together with `unchanged`: it will be proposed when its condition is met. */
    readonly waiting?: true;
    readonly because: string;
    /** What people can do about a refusal, if that is known. */
    readonly help?: string;
    readonly pullRequest?: { readonly number: number; readonly url: string };
  }[];
}

export interface LongPoll {
  /** How long to wait until nothing is pending; 0 answers at once. */
  readonly waitMs: number;
  /** Aborts the wait: the caller disconnected, or the server is stopping. */
  readonly signal: AbortSignal;
}

export interface ProgressPorts extends PublisherPorts {
  readonly records: Records;
  readonly longPolls: LongPolls;
}

const FIRST_LOOK_MS = 50;
const SLOWEST_LOOK_MS = 1000;

/** Another publisher's publish is answered like one that does not exist. */
export async function fetchProgress(
  request: { readonly call: Call; readonly id: string },
  ports: ProgressPorts,
  patience: LongPoll,
): Promise<Result<Progress>> {
  const caller = await authenticatePublisher(request.call, ports);
  if (!caller.ok) return caller;
  const publish = await ports.records.publishes.get(request.id);
  if (publish === undefined || !mayReach(caller.value.publisher, publish)) return fail(notFound(request.id));
  if (patience.waitMs > 0) {
    const end = ports.longPolls.open(caller.value.publisher.name);
    if (end === undefined) return fail(TOO_MANY_WAIT);
    await waitUntilQuiet(request.id, ports.records, patience).finally(end);
  }
  const current = await ports.records.publishes.get(request.id);
  return ok(await describe(current ?? publish, ports.records));
}

/** Polls the database, because another replica may be the one that works on it. */
async function waitUntilQuiet(id: string, records: Records, { waitMs, signal }: LongPoll): Promise<void> {
  const until = performance.now() + waitMs;
  for (
    let pause = FIRST_LOOK_MS;
    await isPending(id, records);
    pause = Math.min(pause * 2, SLOWEST_LOOK_MS)
  ) {
    const left = until - performance.now();
    if (left <= 0 || signal.aborted) return;
    await sleep(Math.min(pause, left), signal);
  }
}

async function isPending(id: string, { publishes }: Records): Promise<boolean> {
  const publish = await publishes.get(id);
  return publish?.state === "accepted" || (await publishes.pendingRoutes(id)).length > 0;
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const wake = () => resolve();
  signal.addEventListener("abort", wake, { once: true });
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", wake);
  });
}

async function describe(publish: Publish, records: Records): Promise<Progress> {
  const { id, chart, version, repository, state, problem } = publish;
  const promotions = await records.promotions.ofPublish(id);
  const routes = await records.publishes.pendingRoutes(id);
  const names = await records.repositories.namesOf([
    ...new Set([...routes, ...promotions.map(({ repositoryId }) => repositoryId)]),
  ]);
  const nameOf = (repositoryId: number) => names.get(repositoryId) ?? "unknown";
  return {
    id,
    chart,
    version,
    repository,
    state,
    settled: state !== "accepted" && routes.length === 0,
    pending: routes.map(nameOf),
    ...(problem === undefined ? {} : { problem: pick(problem) }),
    promotions: promotions.map((record) => ({
      repository: nameOf(record.repositoryId),
      ...describePromotion(record),
    })),
  };
}

function describePromotion({
  environment,
  state,
  because,
  help,
  pullRequest,
}: PromotionRecord): Omit<Progress["promotions"][number], "repository"> {
  return {
    environment,
    ...(state === "waiting" ? ({ state: "unchanged", waiting: true } as const) : { state }),
    because,
    ...(help === undefined ? {} : { help }),
    ...(pullRequest === undefined ? {} : { pullRequest }),
  };
}

function pick({ code, message, help }: Problem): Pick<Problem, "code" | "message" | "help"> {
  return { code, message, help };
}

const TOO_MANY_WAIT: Problem = {
  code: "too-many",
  message: "As many calls of this publisher wait for an answer as may wait at once.",
  help: "Ask again after the time in Retry-After, or without ?wait.",
  retryAfterMs: 10_000,
};

function notFound(id: string): Problem {
  return {
    code: "not-found",
    message: `There is no publish "${id}" that you announced.`,
    help: "Use the `id` or `url` from the answer to the announcement, with the same publisher's credentials.",
  };
}
