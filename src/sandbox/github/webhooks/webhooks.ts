// The queue of webhook deliveries: in order, unless a test injects trouble.

import { setTimeout as sleep } from "node:timers/promises";
import { type Attempt, type Delivery, post } from "./delivery.ts";

export interface Target {
  readonly url: string;
  readonly secret: string;
}

/** What may happen to a delivery instead of arriving once and in order. */
export type Trouble =
  | { readonly kind: "drop" }
  | { readonly kind: "duplicate" }
  | { readonly kind: "delay"; readonly ms: number }
  /** Delayed until this many later deliveries were sent. */
  | { readonly kind: "hold-back"; readonly laterDeliveries: number };

export type DeliveryMatch = (delivery: Delivery) => boolean;

interface Planned {
  readonly match: DeliveryMatch;
  readonly trouble: Trouble;
  times: number;
}

interface HeldBack {
  readonly delivery: Delivery;
  laterDeliveries: number;
}

export class Webhooks {
  /** Everything that was sent, oldest first. */
  readonly attempts: Attempt[] = [];
  /** All deliveries, sent or not, oldest first. */
  readonly deliveries: Delivery[] = [];
  readonly #appId: number;
  readonly #now: () => Date;
  #target: Target | undefined;
  #paused = false;
  #running = 0;
  #queue: { readonly delivery: Delivery; readonly redelivery: boolean }[] = [];
  #heldBack: HeldBack[] = [];
  #plans: Planned[] = [];
  #quiet: (() => void)[] = [];

  constructor({ appId, now }: { readonly appId: number; readonly now: () => Date }) {
    this.#appId = appId;
    this.#now = now;
  }

  /** Sets the target of deliveries. Without one they are recorded and not sent. */
  sendTo(target: Target | undefined): void {
    this.#target = target;
  }

  accept(delivery: Delivery): void {
    this.deliveries.push(delivery);
    if (this.#target === undefined) return;
    this.#queue.push({ delivery, redelivery: false });
    this.#wake();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#wake();
  }

  /** Applies this trouble to the next `times` matching deliveries. */
  trouble(match: DeliveryMatch, trouble: Trouble, times = 1): void {
    this.#plans.push({ match, trouble, times });
  }

  /** Clears all trouble and sends delayed deliveries. */
  clearTrouble(): void {
    this.#plans = [];
    for (const held of this.#heldBack) held.laterDeliveries = 0;
    this.#release();
    this.#wake();
  }

  /** Reorders the waiting deliveries (see `pause`). */
  reorder(order: (waiting: readonly Delivery[]) => readonly Delivery[]): void {
    const waiting = this.#queue.map(({ delivery }) => delivery);
    this.#queue = order(waiting).map((delivery) => ({ delivery, redelivery: false }));
  }

  /** Redelivers with the same id. */
  redeliver(id: string): void {
    const delivery = this.deliveries.find((one) => one.id === id);
    if (delivery === undefined) throw new Error(`no delivery ${id}`);
    this.#queue.push({ delivery, redelivery: true });
    this.#wake();
  }

  /** Resolves when nothing is waiting to be sent (at once while paused). */
  async idle(): Promise<void> {
    while (!this.#isQuiet()) await new Promise<void>((resolve) => this.#quiet.push(resolve));
  }

  /** Sends nothing more. */
  stop(): void {
    this.#queue = [];
    this.#heldBack = [];
    this.#target = undefined;
  }

  #isQuiet(): boolean {
    return this.#running === 0 && (this.#paused || this.#queue.length === 0);
  }

  #wake(): void {
    if (this.#running > 0 || this.#paused) return;
    this.#running = 1;
    setImmediate(() => void this.#work());
  }

  async #work(): Promise<void> {
    while (!this.#paused) {
      const next = this.#queue.shift();
      if (next === undefined) break;
      await this.#deliver(next);
    }
    this.#running = 0;
    for (const resolve of this.#quiet.splice(0)) resolve();
  }

  async #deliver({ delivery, redelivery }: { delivery: Delivery; redelivery: boolean }): Promise<void> {
    const trouble = redelivery ? undefined : this.#troubleFor(delivery);
    if (trouble?.kind === "drop") return;
    if (trouble?.kind === "hold-back") {
      this.#heldBack.push({ delivery, laterDeliveries: trouble.laterDeliveries });
      return;
    }
    if (trouble?.kind === "delay") await sleep(trouble.ms);
    const times = trouble?.kind === "duplicate" ? 2 : 1;
    for (let sent = 0; sent < times; sent++)
      await this.#send({ delivery, redelivery: redelivery || sent > 0 });
    for (const held of this.#heldBack) held.laterDeliveries--;
    this.#release();
  }

  #troubleFor(delivery: Delivery): Trouble | undefined {
    const plan = this.#plans.find(({ match, times }) => times > 0 && match(delivery));
    if (plan === undefined) return undefined;
    plan.times--;
    return plan.trouble;
  }

  #release(): void {
    const due = this.#heldBack.filter(({ laterDeliveries }) => laterDeliveries <= 0);
    this.#heldBack = this.#heldBack.filter(({ laterDeliveries }) => laterDeliveries > 0);
    this.#queue.unshift(...due.map(({ delivery }) => ({ delivery, redelivery: true })));
  }

  async #send({ delivery, redelivery }: { delivery: Delivery; redelivery: boolean }): Promise<void> {
    if (this.#target === undefined) return;
    const at = this.#now();
    const outcome = await post(delivery, { ...this.#target, appId: this.#appId });
    this.attempts.push({ id: this.attempts.length + 1, delivery, at, redelivery, ...outcome });
  }
}
