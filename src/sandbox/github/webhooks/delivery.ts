// One webhook delivery: its payload, signature and result.

import { createHmac, randomUUID } from "node:crypto";

export interface Delivery {
  /** X-GitHub-Delivery; the same for a redelivery. */
  readonly id: string;
  readonly event: string;
  readonly action: string | undefined;
  readonly payload: object;
  readonly installationId: number;
  /** `owner/name`, when it is about one repository. */
  readonly repository: string | undefined;
}

export interface Attempt {
  /** Of this attempt; those of one delivery share its id, which the API calls guid. */
  readonly id: number;
  readonly delivery: Delivery;
  readonly at: Date;
  /** Undefined when there was no response within GitHub's ten seconds. */
  readonly status: number | undefined;
  readonly body: string;
  readonly redelivery: boolean;
}

export function newDelivery(content: Omit<Delivery, "id">): Delivery {
  return { id: randomUUID(), ...content };
}

const TIMEOUT_MS = 10_000;

/** Posts a delivery as GitHub does and returns the result; never rejects. */
export async function post(
  delivery: Delivery,
  to: { readonly url: string; readonly secret: string; readonly appId: number },
): Promise<Pick<Attempt, "status" | "body">> {
  const body = JSON.stringify(delivery.payload);
  const headers = {
    "content-type": "application/json",
    "user-agent": "GitHub-Hookshot/offline",
    "x-github-event": delivery.event,
    "x-github-delivery": delivery.id,
    "x-github-hook-installation-target-type": "integration",
    "x-github-hook-installation-target-id": String(to.appId),
    "x-hub-signature-256": `sha256=${createHmac("sha256", to.secret).update(body).digest("hex")}`,
  };
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(to.url, { method: "POST", headers, body, signal });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    return { status: undefined, body: String(error) };
  }
}
