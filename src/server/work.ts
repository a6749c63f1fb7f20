// The workers: each takes a key from the queue and runs its reconciler.

import type { Metrics } from "../adapters/http/metrics.ts";
import type { Readiness } from "../adapters/http/readiness.ts";
import type { Deps } from "../reconcile/context.ts";
import { reconcile } from "../reconcile/dispatch.ts";
import { parseKey, type WorkKey } from "../reconcile/keys.ts";
import type { ReconcileResult } from "../reconcile/requeue.ts";
import { whileHeld } from "../reconcile/while-held.ts";
import { tracedWork } from "./tracing.ts";

/** Default, when server.yaml does not set it. */
const CONCURRENCY = 10;
/** Share of the places for one publisher or installation: the rest is for the others. */
const OF_OWNER = 4 / 5;
/** Long enough for a day's outage; a key that fails for longer is dead, is shown, and can be replayed. */
export const BACKOFF = { firstMs: 500, factor: 2, maxMs: 5 * 60_000, giveUpAfterMs: 3 * 24 * 60 * 60_000 };

export interface WorkTerms {
  readonly backoff: Partial<typeof BACKOFF> | undefined;
  readonly metrics: Metrics;
  readonly readiness: Readiness;
  /** Called when a publish is looked up, since it will soon be planned for. */
  readonly prepareThreads: () => void;
}

export async function startWork(deps: Deps, terms: WorkTerms): Promise<void> {
  const { backoff, metrics, readiness, prepareThreads } = terms;
  const { concurrency = CONCURRENCY } = deps.settings;
  await deps.store.queue.work({
    concurrency,
    ofOwner: Math.max(1, Math.floor(concurrency * OF_OWNER)),
    backoff: { ...BACKOFF, ...backoff },
    reconcile: async (text, _tries, { isHeld }) => {
      const key = parseKey(text);
      if (!key) throw new Error(`no reconciler for the key ${text}`);
      if (key.kind === "chart") prepareThreads();
      const result = await measured(key, whileHeld(deps, isHeld), metrics);
      if (key.kind === "resync") readiness.discovered();
      return result;
    },
    onFailure: (key, error, outcome) => {
      deps.log.warn({ key, err: error, outcome }, "work failed");
      if (outcome === "dead") noteDeadLetter(key, error, deps);
    },
  });
}

/** The queue itself stores dead keys; the history event is written without waiting. */
function noteDeadLetter(key: string, error: unknown, { store, clock, log }: Deps): void {
  const at = clock();
  const because = error instanceof Error ? error.message : String(error);
  const event = { id: `dead-letter/${key}/${at.toISOString()}`, kind: "dead-letter", at } as const;
  store.history
    .note([{ ...event, facts: { key, because } }])
    .catch((failed: unknown) => log.error({ key, err: failed }, "a dead letter was not noted"));
}

async function measured(key: WorkKey, deps: Deps, metrics: Metrics): Promise<ReconcileResult> {
  const start = performance.now();
  const observe = (outcome: "done" | "failed") =>
    metrics.observeWork(key.kind, outcome, (performance.now() - start) / 1000);
  try {
    const result = await tracedWork(key, deps, () => reconcile(key, deps));
    observe("done");
    return result;
  } catch (error) {
    observe("failed");
    throw error;
  }
}
