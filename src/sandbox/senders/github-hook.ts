// A webhook of GitHub: each delivery is sent once; a failed one stays in the list of recent deliveries until it is
// redelivered, with the same id and bytes.
// https://docs.github.com/en/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks

import { createHmac, randomUUID } from "node:crypto";
import { type Answered, post } from "./post.ts";

interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly body: string;
  readonly answers: Answered[];
}

export interface GitHubHook {
  /** Returns the delivery's id. */
  readonly deliver: (event: string, payload: object) => Promise<string>;
  readonly redeliver: (id: string) => Promise<void>;
  /** Statuses of all attempts of a delivery, oldest first; undefined for one without a response. */
  readonly statuses: (id: string) => readonly (number | undefined)[];
}

/** `url`: evaluated for each attempt, since the receiver may have moved. */
export function gitHubHook(to: { readonly url: () => string; readonly secret: string }): GitHubHook {
  const deliveries = new Map<string, Delivery>();
  const make = async ({ id, event, body, answers }: Delivery): Promise<void> => {
    const signature = createHmac("sha256", to.secret).update(body).digest("hex");
    const headers = {
      "x-github-event": event,
      "x-github-delivery": id,
      "x-hub-signature-256": `sha256=${signature}`,
    };
    answers.push(await post({ url: to.url(), headers }, body));
  };
  return {
    deliver: async (event, payload) => {
      const delivery = { id: randomUUID(), event, body: JSON.stringify(payload), answers: [] };
      deliveries.set(delivery.id, delivery);
      await make(delivery);
      return delivery.id;
    },
    redeliver: async (id) => {
      const delivery = deliveries.get(id);
      if (delivery !== undefined) await make(delivery);
    },
    statuses: (id) => (deliveries.get(id)?.answers ?? []).map((answer) => answer?.status),
  };
}
