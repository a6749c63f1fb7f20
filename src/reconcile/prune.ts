// Deletes old records by the rules in docs/operations.md. Keeps everything that `after`, a rollback, drift or the audit
// of pushes reads: the newest records, and those in progress.

import type { Deps } from "./context.ts";
import type { Retention } from "./ports/store/retention.ts";
import type { ReconcileResult } from "./requeue.ts";

const EVERY_MS = 10 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/**
 * At least the verified publishes of a chart that are planned for (CONSIDERED in promotion/reconcile-promotions.ts).
 */
const PUBLISHES_OF_CHART = 100;
const PUBLISHES_OF_PUBLISHER = 5_000;
const DEPLOYED_VERSIONS = 20;
/** As many as `after` and `soak` consider (CONSIDERED in upstream/upstream.ts). */
const DEPLOYMENTS_OF_ENVIRONMENT = 500;
const REJECTED_DAYS = 30;
const OTHER_BYTES_DAYS = 365;
/** GitHub redelivers webhooks for up to three days: a redelivered merge must find its deployment. */
const DEPLOYMENT_DAYS = 30;
const WEBHOOK_ID_DAYS = 30;
const DEAD_DAYS = 90;
/** How long the ids of handled deliveries are kept. */
const DELIVERY_DAYS = 7;

export async function prune({ store, clock }: Pick<Deps, "store" | "clock">): Promise<ReconcileResult> {
  const now = clock().getTime();
  const daysAgo = (days: number) => new Date(now - days * DAY_MS);
  const { retention } = store;
  await store.deliveries.prune(daysAgo(DELIVERY_DAYS));
  await retention.forgetPublishes(publishTerms(daysAgo));
  await retention.forgetWebhookIds(daysAgo(WEBHOOK_ID_DAYS));
  await retention.forgetDeployments({
    ofEnvironment: DEPLOYMENTS_OF_ENVIRONMENT,
    since: daysAgo(DEPLOYMENT_DAYS),
  });
  await retention.forgetDead(daysAgo(DEAD_DAYS));
  return { requeueAt: new Date(now + EVERY_MS) };
}

function publishTerms(daysAgo: (days: number) => Date): Parameters<Retention["forgetPublishes"]>[0] {
  return {
    ofChart: PUBLISHES_OF_CHART,
    ofPublisher: PUBLISHES_OF_PUBLISHER,
    deployed: DEPLOYED_VERSIONS,
    rejectedSince: daysAgo(REJECTED_DAYS),
    otherBytesSince: daysAgo(OTHER_BYTES_DAYS),
  };
}
