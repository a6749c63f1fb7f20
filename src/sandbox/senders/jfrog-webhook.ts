// Artifactory's webhooks: every event is sent once, whatever the response. Failures are only visible in the platform's
// troubleshooting data.

import { type Answered, post, type Target } from "./post.ts";

export interface JfrogWebhook {
  /** Resolves after the response, or its failure. */
  readonly send: (event: {
    readonly domain: string;
    readonly type: string;
    readonly data: object;
  }) => Promise<void>;
  /** Errors and responses, oldest first, as in the troubleshooting data. */
  readonly troubleshooting: readonly Answered[];
}

export function jfrogWebhook(target: Target): JfrogWebhook {
  const troubleshooting: Answered[] = [];
  return {
    troubleshooting,
    send: async ({ domain, type, data }) => {
      const event = {
        domain,
        event_type: type,
        data,
        subscription_key: "charts",
        jpd_origin: "https://example.jfrog.io",
        source: "jfrog/ci@example.com",
      };
      troubleshooting.push(await post(target, JSON.stringify(event)));
    },
  };
}
