// The App's webhook deliveries as listed by GitHub, and their redelivery (https://docs.github.com/rest/apps/webhooks).
// Authenticated as the App itself, not as an installation.

import type { DeliveryAttempt } from "../../../reconcile/ports/github/hook-github.ts";
import type { GitHubApp } from "../api/app.ts";
import { failureOf } from "../api/failure.ts";

const MOST_PAGES = 10;

/** Newest first: everything since then, as far as ten requests return. */
export async function deliveryAttempts(
  { octokit }: GitHubApp,
  { since, clock }: { readonly since: Date; readonly clock: () => Date },
): Promise<readonly DeliveryAttempt[]> {
  const found: DeliveryAttempt[] = [];
  try {
    const app = await octokit();
    let pages = 0;
    for await (const { data } of app.paginate.iterator(app.rest.apps.listWebhookDeliveries, {
      per_page: 100,
    })) {
      const listed = data.map(
        ({ id, guid, delivered_at, status_code, event, action }): DeliveryAttempt => ({
          ...{ id, guid, event, action: action ?? "", at: new Date(delivered_at) },
          taken: status_code >= 200 && status_code < 300,
        }),
      );
      found.push(...listed.filter(({ at }) => at >= since));
      pages += 1;
      if (pages >= MOST_PAGES || listed.some(({ at }) => at < since)) break;
    }
    return found;
  } catch (error) {
    throw failureOf(error, "listing webhook deliveries", clock());
  }
}

/** GitHub redelivers with the same guid, shortly after the response. */
export async function redeliver({ octokit }: GitHubApp, id: number, clock: () => Date): Promise<void> {
  try {
    await (await octokit()).rest.apps.redeliverWebhookDelivery({ delivery_id: id });
  } catch (error) {
    throw failureOf(error, "asking for a webhook delivery again", clock());
  }
}
