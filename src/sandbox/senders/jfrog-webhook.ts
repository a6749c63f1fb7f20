// Artifactory's webhooks: every event is sent once, and what the receiver answers changes nothing. A failure is to be seen
// in the troubleshooting data of the platform, and nowhere else.

import { type Answered, post, type Target } from "./post.ts";

export interface JfrogWebhook {
  /** Resolves when the answer is there, or is known not to come. */
  readonly send: (event: {
    readonly domain: string;
    readonly type: string;
    readonly data: object;
  }) => Promise<void>;
  /** Errors and answers, oldest first, as the troubleshooting data has them. */
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
