// Code pipelines: each uploads its chart and announces it until it is told that the announcement is kept.

import { setTimeout as sleep } from "node:timers/promises";
import type { Museum } from "../../../src/sandbox/chartmuseum/museum.ts";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import type { Announcement } from "./schedule.ts";

export const PUBLISHER = { name: "pipelines", secret: "publisher-secret" } as const;
const AUTHORIZATION = `Basic ${Buffer.from(`${PUBLISHER.name}:${PUBLISHER.secret}`).toString("base64")}`;

/** Pipelines that run at the same time. */
const PIPELINES = 8;
const RETRY_MS = 200;
const TIMEOUT_MS = 15_000;

/** The part of `GET /publishes/ID` that is looked at. */
export interface Progress {
  readonly state: string;
  readonly problem?: { readonly message: string };
  readonly promotions: readonly {
    readonly repository: string;
    readonly environment: string;
    readonly state: string;
    readonly because: string;
  }[];
}

export class Pipelines {
  /** What was answered with 202 or, as the answer to an earlier try was lost, 200; by the publish's id. */
  readonly kept = new Map<string, Announcement>();
  /** Announcements that had to be said again, as nobody answered or the answer was 5xx. */
  retries = 0;
  /** Answered with 202. */
  accepted = 0;
  readonly #museum: Museum;
  readonly #url: string;

  constructor({ museum, url }: { readonly museum: Museum; readonly url: string }) {
    this.#museum = museum;
    this.#url = url;
  }

  /** Resolves when everything is announced. `builds`: milliseconds from one announcement of a pipeline to its next. */
  async run(announcements: readonly Announcement[], builds: Iterator<number, never>): Promise<void> {
    const work = announcements.values();
    const pipeline = async () => {
      for (const announcement of work) {
        await sleep(builds.next().value);
        await this.#publish(announcement);
      }
    };
    await Promise.all(Array.from({ length: PIPELINES }, pipeline));
  }

  /** `undefined` while nobody answers. */
  async progress(id: string): Promise<Progress | "forgotten" | undefined> {
    const answer = await this.#ask(`/publishes/${id}`);
    if (answer?.status === 404) return "forgotten";
    return answer?.status === 200 ? JSON.parse(answer.text) : undefined;
  }

  async #publish(announcement: Announcement): Promise<void> {
    const { chart: name, version } = announcement;
    if (!this.#museum.packages.has(`${name}-${version}.tgz`))
      await this.#museum.upload(packChart({ name, version }));
    for (;;) {
      const answer = await this.#ask("/publish", announcement);
      if (answer?.status === 202 || answer?.status === 200) return this.#keep(announcement, answer);
      if (answer && answer.status < 500)
        throw new Error(`POST /publish answered ${answer.status}: ${answer.text}`);
      this.retries++;
      await sleep(RETRY_MS);
    }
  }

  #keep(
    announcement: Announcement,
    { status, text }: { readonly status: number; readonly text: string },
  ): void {
    const { id }: { readonly id: string } = JSON.parse(text);
    this.kept.set(id, announcement);
    if (status === 202) this.accepted++;
  }

  async #ask(
    path: string,
    body?: object,
  ): Promise<{ readonly status: number; readonly text: string } | undefined> {
    const headers = { authorization: AUTHORIZATION, "content-type": "application/json" };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const post = body && { method: "POST", body: JSON.stringify(body) };
    try {
      const answer = await fetch(`${this.#url}${path}`, { headers, signal, ...post });
      return { status: answer.status, text: await answer.text() };
    } catch {
      return undefined;
    }
  }
}
