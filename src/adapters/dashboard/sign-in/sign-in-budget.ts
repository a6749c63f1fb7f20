// Rate limit for redeeming OAuth codes at GitHub: anybody who reaches the dashboard can send a made-up code. A code
// that GitHub accepts costs nothing.

import { isIPv6 } from "node:net";
import { type Bucket, type Rate, refilled, untilToken } from "../../../domain/model/token-bucket.ts";

/** Per client address (IPv6: per /64 network), and for all addresses together. */
const OF_ADDRESS: Rate = { perMinute: 6, burst: 20 };
const OF_ALL: Rate = { perMinute: 60, burst: 300 };
const MOST_ADDRESSES = 10_000;

/** Kept in memory: each replica has its own. */
export class SignInBudget {
  readonly #clock: () => Date;
  readonly #addresses = new Map<string, Bucket>();
  #all: Bucket | undefined;

  constructor(clock: () => Date) {
    this.#clock = clock;
  }

  /** Takes a token. Returns milliseconds to wait when there is none, else `undefined`. */
  take(address: string): number | undefined {
    const { own, all } = this.#now(networkOf(address));
    const waitMs = untilToken(own, OF_ADDRESS) ?? untilToken(all, OF_ALL);
    if (waitMs === undefined) this.#add(-1, networkOf(address));
    return waitMs;
  }

  /** GitHub accepted the code: returns its token to the budget. */
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

/** The first 64 bits of an IPv6 address; any other address unchanged. */
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
