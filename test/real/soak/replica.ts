// One process of the real server, which is killed at random and started again.

import { setTimeout as sleep } from "node:timers/promises";
import { type Bot, startBot } from "../../../src/sandbox/demo/bot.ts";

/** Milliseconds. */
export interface Life {
  /** From when it listens until it is killed. */
  readonly lasts: number;
  /** Until somebody starts it again. */
  readonly rests: number;
}

export class Replica {
  kills = 0;
  readonly #env: Readonly<Record<string, string>>;
  readonly #past: string[] = [];
  #bot: Bot | undefined;

  constructor(env: Readonly<Record<string, string>>) {
    this.#env = env;
  }

  /** While it listens. */
  get url(): string | undefined {
    return this.#bot?.url;
  }

  /** What its processes have logged. */
  get said(): readonly string[] {
    return [...this.#past, ...(this.#bot?.replies ?? [])];
  }

  async start(): Promise<void> {
    this.#bot = await startBot(this.#env);
  }

  /** In peace, as SIGTERM asks. */
  stop(): Promise<void> {
    return this.#end((bot) => bot.stop());
  }

  kill(): Promise<void> {
    return this.#end((bot) => bot.kill());
  }

  async #end(by: (bot: Bot) => Promise<void>): Promise<void> {
    const bot = this.#bot;
    this.#bot = undefined;
    if (bot === undefined) return;
    await by(bot);
    this.#past.push(...bot.replies);
  }

  /** Lives one life after the other, then stays alive; so it does too when the signal ends them early. */
  async live(lives: readonly Life[], signal: AbortSignal): Promise<void> {
    for (const { lasts, rests } of lives) {
      if (!(await pause(lasts, signal))) return;
      await this.kill();
      this.kills++;
      await pause(rests, signal);
      await this.start();
    }
  }
}

/** False when the signal ended it early. */
export async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
}
