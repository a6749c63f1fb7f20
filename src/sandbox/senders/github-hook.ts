// A webhook of GitHub: each delivery is made once; one that failed stays in the list of recent deliveries until somebody
// has it made again, with the same id and the same bytes.
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
  /** Gives the delivery's id. */
  readonly deliver: (event: string, payload: object) => Promise<string>;
  readonly redeliver: (id: string) => Promise<void>;
  /** Statuses of every try of a delivery, oldest first; nothing for one that no answer came to. */
  readonly statuses: (id: string) => readonly (number | undefined)[];
}

/** `url`: asked for at each try, since the receiver may have moved meanwhile. */
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
