// Which reconciler works on which key. Level-triggered: a key only says what to reconcile; each reconciler reads the
// observed state from GitHub and the chart repositories, and may run as often as it takes.

import { reconcileCheckRun } from "./check-run/reconcile-check-run.ts";
import type { Deps } from "./context.ts";
import { enqueueDashboard } from "./dashboard-issue/enqueue-dashboard.ts";
import { keepDashboardIssue } from "./dashboard-issue/keep-dashboard-issue.ts";
import { reconcileDeployment } from "./deployment/reconcile-deployment.ts";
import { reconcileDrift } from "./drift/reconcile-drift.ts";
import { discover, discoverAll } from "./installation/discover.ts";
import { redeliverFailed } from "./installation/failed-deliveries.ts";
import { enqueue, type WorkKey, workOf } from "./keys.ts";
import { handOnEvents } from "./notification/hand-on.ts";
import { notifyRecipient } from "./notification/notify-recipient.ts";
import { prune } from "./prune.ts";
import { pollChartRepository } from "./publish/poll-chart-repository.ts";
import { verifyPublishes } from "./publish/verify-publishes.ts";
import { reconcileRepository } from "./reconcile-repository.ts";
import type { ReconcileResult } from "./requeue.ts";
import { glance } from "./sweep/glance.ts";

/** Interval of the sweep, in case webhooks were lost. */
const SWEEP_EVERY_MS = 60 * 60_000;

function inAnHour({ clock }: Deps): Date {
  return new Date(clock().getTime() + SWEEP_EVERY_MS);
}

async function findLost(deps: Deps): Promise<void> {
  await enqueue(deps.store.queue, { kind: "deliveries" });
  await forgetHistory(deps);
}

/** Prunes old history. Enqueues `events` as well, which nothing else does when no recipient is configured. */
async function forgetHistory({ store, settings, clock }: Deps): Promise<void> {
  await enqueue(store.queue, { kind: "events" });
  if (settings.historyMs !== undefined)
    await store.history.prune(new Date(clock().getTime() - settings.historyMs));
}

/** The config repository whose dashboard issue may show this work. */
function repositoryShown(key: WorkKey): number | undefined {
  if (key.kind === "repository") return key.id;
  return "repositoryId" in key ? key.repositoryId : undefined;
}

/** Reconciles one key. A throw is retried by the queue with backoff; `requeueAt` asks for another run by itself. */
export async function reconcile(key: WorkKey, deps: Deps): Promise<ReconcileResult> {
  const result = await reconcileOne(key, deps);
  const shown = repositoryShown(key);
  if (shown !== undefined) await enqueueDashboard(shown, deps);
  return result;
}

async function reconcileOne(key: WorkKey, deps: Deps): Promise<ReconcileResult> {
  switch (key.kind) {
    case "chart":
      return verifyPublishes(key, deps);
    case "repository":
      return reconcileRepository(key.id, deps);
    case "deployment":
      return reconcileDeployment(key, deps);
    case "drift":
      return reconcileDrift(key, deps);
    case "installation":
      return discover(key.id, deps);
    case "check-run":
      return reconcileCheckRun(key, deps);
    case "dashboard":
      return keepDashboardIssue(key.id, deps);
    case "poll":
      return pollChartRepository(key.repository, deps);
    case "events":
      return handOnEvents(deps);
    case "notices":
      return notifyRecipient(key.recipient, deps);
    case "deliveries":
      await redeliverFailed(deps);
      return undefined;
    case "prune":
      return prune(deps);
    case "glance":
      return glance(key, deps);
    case "resync": {
      await discoverAll({ withinMs: 0 }, deps);
      await findLost(deps);
      await deps.store.queue.enqueueAll([{ ...workOf({ kind: "sweep" }), after: inAnHour(deps) }]);
      return undefined;
    }
    case "sweep":
      await discoverAll({ withinMs: SWEEP_EVERY_MS }, deps);
      await findLost(deps);
      return { requeueAt: inAnHour(deps) };
  }
}
