// What became of a publish, for the publisher that asks: `GET /publishes/ID`.

import { fail, ok, type Problem, type Result } from "../model/problem.ts";
import type { PromotionRecord, PromotionState, Publish, PublishState } from "../model/publish.ts";
import type { ConfigRepository } from "../model/repository.ts";
import type { Publisher } from "../model/settings.ts";
import { mayReach } from "./allow.ts";
import { authenticatePublisher } from "./authenticate.ts";
import type { Call } from "./call.ts";

/** The part of the database that knows. */
export interface Records {
  readonly publishes: {
    get(id: string): Promise<Publish | undefined>;
    /** Repositories that have still to look at this publish. */
    pendingRoutes(id: string): Promise<readonly number[]>;
  };
  readonly promotions: { ofPublish(publishId: string): Promise<readonly PromotionRecord[]> };
  readonly repositories: { get(id: number): Promise<ConfigRepository | undefined> };
}

export interface Progress {
  readonly id: string;
  readonly chart: string;
  readonly version: string;
  /** Name of the chart repository in server.yaml. */
  readonly repository: string;
  readonly state: PublishState;
  readonly problem?: Pick<Problem, "code" | "message" | "help">;
  readonly promotions: readonly {
    /** `owner/name` of the config repository; its id as text once it is gone. */
    readonly repository: string;
    readonly environment: string;
    readonly state: PromotionState;
    readonly because: string;
    readonly pullRequest?: { readonly number: number; readonly url: string };
  }[];
}

export interface Patience {
  /** How long to wait until nothing is pending; 0 answers at once. */
  readonly waitMs: number;
  /** Ends the wait early: the caller went away, or the server is stopping. */
  readonly signal: AbortSignal;
}

export interface ProgressPorts {
  readonly publishers: readonly Publisher[];
  readonly records: Records;
}

const FIRST_LOOK_MS = 50;
const SLOWEST_LOOK_MS = 1000;

/** Another publisher's publish is answered like one that does not exist. */
export async function askProgress(
  asked: { readonly call: Call; readonly id: string },
  ports: ProgressPorts,
  patience: Patience,
): Promise<Result<Progress>> {
  const caller = authenticatePublisher(asked.call, ports.publishers);
  if (!caller.ok) return caller;
  const publish = await ports.records.publishes.get(asked.id);
  if (publish === undefined || !mayReach(caller.value.publisher, publish)) return fail(notFound(asked.id));
  await waitUntilQuiet(asked.id, ports.records, patience);
  const current = await ports.records.publishes.get(asked.id);
  return ok(await describe(current ?? publish, ports.records));
}

/** Looks again and again, because another process may be the one that works on it. */
async function waitUntilQuiet(id: string, records: Records, { waitMs, signal }: Patience): Promise<void> {
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
  return {
    id,
    chart,
    version,
    repository,
    state,
    ...(problem === undefined ? {} : { problem: pick(problem) }),
    promotions: await Promise.all(promotions.map((record) => describePromotion(record, records))),
  };
}

async function describePromotion(
  { repositoryId, environment, state, because, pullRequest }: PromotionRecord,
  { repositories }: Records,
): Promise<Progress["promotions"][number]> {
  const repository = await repositories.get(repositoryId);
  return {
    repository: repository === undefined ? String(repositoryId) : `${repository.owner}/${repository.name}`,
    environment,
    state,
    because,
    ...(pullRequest === undefined ? {} : { pullRequest }),
  };
}

function pick({ code, message, help }: Problem): Pick<Problem, "code" | "message" | "help"> {
  return { code, message, help };
}

function notFound(id: string): Problem {
  return {
    code: "not-found",
    message: `There is no publish "${id}" that you announced.`,
    help: "Use the `id` or `url` from the answer to the announcement, with the same publisher's credentials.",
  };
}
