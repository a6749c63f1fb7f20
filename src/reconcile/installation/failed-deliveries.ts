// Webhook deliveries that failed while the server was down, or that it refused. GitHub does not retry by itself, so
// they are redelivered on request (https://docs.github.com/webhooks/using-webhooks/handling-failed-webhook-deliveries).

import type { Deps } from "../context.ts";
import { isGitHubRefusal } from "../ports/github/github-refusal.ts";
import type { DeliveryAttempt } from "../ports/github/hook-github.ts";

/** GitHub keeps deliveries for three days. */
const KEPT_MS = 3 * 24 * 60 * 60_000;
/** A delivery that failed this often fails for another reason than an outage. */
const MOST_ATTEMPTS = 3;
const MOST_ASKED = 100;

/** The events that are redelivered; those about checks mostly come from the App itself. */
const EVENTS = new Set([
  ...["push", "pull_request", "issue_comment", "merge_group", "repository"],
  ...["installation", "installation_repositories", "installation_target"],
]);

/** Costs a few of the App's own requests; redeliveries arrive as webhooks. */
export async function redeliverFailed({ github, webhooks, clock, log }: Deps): Promise<void> {
  const attempts = await readAttempts(new Date(clock().getTime() - KEPT_MS), { github, log });
  if (!attempts) return;
  const failed = failedDeliveries(attempts);
  webhooks.reportedByGitHub({ lastGood: attempts.find(({ taken }) => taken)?.at, failed: failed.length });
  const repeated = deliveriesToRepeat(failed);
  for (const { id, guid } of repeated) {
    try {
      await github.redeliver(id);
    } catch (error) {
      if (!isGitHubRefusal(error)) throw error;
      log.warn({ err: error, delivery: guid }, "GitHub does not deliver it again");
    }
  }
  if (repeated.length > 0)
    log.info({ failed: failed.length, requested: repeated.length }, "deliveries asked for again");
}

/** `undefined` where GitHub refuses the deliveries API or does not have it. */
async function readAttempts(
  since: Date,
  { github, log }: Pick<Deps, "github" | "log">,
): Promise<readonly DeliveryAttempt[] | undefined> {
  try {
    return await github.deliveryAttempts(since);
  } catch (error) {
    if (!isGitHubRefusal(error) && !isMissing(error)) throw error;
    log.warn({ err: error }, "GitHub does not show webhook deliveries");
    return undefined;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "kind" in error && error.kind === "missing";
}

/** Deliveries of which every attempt failed, each with its attempts, newest first. */
function failedDeliveries(attempts: readonly DeliveryAttempt[]): readonly (readonly DeliveryAttempt[])[] {
  const deliveries = Map.groupBy(attempts, ({ guid }) => guid);
  return [...deliveries.values()].filter((tries) => !tries.some(({ taken }) => taken));
}

/** The newest attempt of each delivery that is worth another one, oldest first. */
function deliveriesToRepeat(failed: readonly (readonly DeliveryAttempt[])[]): readonly DeliveryAttempt[] {
  return failed
    .flatMap(([newest, ...others]) =>
      newest && isRead(newest) && others.length + 1 < MOST_ATTEMPTS ? [newest] : [],
    )
    .toSorted((one, other) => one.at.getTime() - other.at.getTime())
    .slice(-MOST_ASKED);
}

function isRead({ event, action }: DeliveryAttempt): boolean {
  return EVENTS.has(event) || action === "rerequested";
}
