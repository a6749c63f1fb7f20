// How often GitHub is asked for the token of a code: whoever reaches the dashboard may bring one, and most of what is asked is in vain
// only where somebody made it up.

import { isIPv6 } from "node:net";
import { type Bucket, type Rate, refilled, untilToken } from "../../../domain/model/token-bucket.ts";

/** Of one address, or of a network of IPv6 that one host may have for itself; and of all of them. */
const OF_ADDRESS: Rate = { perMinute: 6, burst: 20 };
const OF_ALL: Rate = { perMinute: 60, burst: 300 };
const MOST_ADDRESSES = 10_000;

/** Of one process: each replica has its own. */
export class SignInBudget {
  readonly #clock: () => Date;
  readonly #addresses = new Map<string, Bucket>();
  #all: Bucket | undefined;

  constructor(clock: () => Date) {
    this.#clock = clock;
  }

  /** Milliseconds to wait; `undefined` when there was something left, which is taken then. */
  take(address: string): number | undefined {
    const { own, all } = this.#now(networkOf(address));
    const waitMs = untilToken(own, OF_ADDRESS) ?? untilToken(all, OF_ALL);
    if (waitMs === undefined) this.#add(-1, networkOf(address));
    return waitMs;
  }

  /** What GitHub was asked was not in vain. */
  giveBack(address: string): void {
    this.#add(1, networkOf(address));
  }

  #now(network: string): { readonly own: Bucket; readonly all: Bucket } {
    const at = this.#clock().getTime();
    return {
      own: refilled(this.#addresses.get(network), OF_ADDRESS, at),
      all: refilled(this.#all, OF_ALL, at),
    };
  }

  #add(tokens: number, network: string): void {
    const { own, all } = this.#now(network);
    this.#all = { ...all, tokens: all.tokens + tokens };
    this.#addresses.delete(network);
    const [eldest] = this.#addresses.keys();
    if (this.#addresses.size >= MOST_ADDRESSES && eldest !== undefined) this.#addresses.delete(eldest);
    this.#addresses.set(network, { ...own, tokens: own.tokens + tokens });
  }
}

/** Of an IPv6 address the first 64 bits. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes(".")) return address;
  const [front = "", back] = address.split("%")[0]?.split("::") ?? [];
  const [first, last] = [front, back ?? ""].map((half) => half.split(":").filter((one) => one !== ""));
  const zeros = back === undefined ? 0 : 8 - (first?.length ?? 0) - (last?.length ?? 0);
  const all = [...(first ?? []), ...Array.from({ length: zeros }, () => "0"), ...(last ?? [])];
  return all
    .slice(0, 4)
    .map((one) => Number.parseInt(one, 16).toString(16))
    .join(":");
}
