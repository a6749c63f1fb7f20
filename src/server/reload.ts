// Reloads server.yaml while the server runs: a valid one takes effect, an invalid one is reported and changes nothing.

import type { Settings } from "../domain/model/config/settings.ts";
import type { Problem, Result } from "../domain/model/problem.ts";
import type { Deps } from "../reconcile/context.ts";
import { enqueueUnfinished } from "../reconcile/enqueue-unfinished.ts";
import type { LiveSettings } from "../settings/live-settings.ts";

export class Reload {
  readonly #live: LiveSettings;
  readonly #deps: Pick<Deps, "store" | "settings" | "log">;
  #problems: readonly Problem[] = [];

  constructor(live: LiveSettings, deps: Pick<Deps, "store" | "settings" | "log">) {
    this.#live = live;
    this.#deps = deps;
  }

  /** Resolves when everything that the new settings may affect is enqueued. */
  async take(read: Result<Settings>): Promise<void> {
    const { log } = this.#deps;
    this.#problems = read.ok ? [] : read.problems;
    if (!read.ok) {
      log.error(
        { problems: read.problems },
        "server.yaml cannot be used as it is now: what held before holds",
      );
      return;
    }
    this.#live.replace(read.value);
    log.info({}, "server.yaml was read again");
    await enqueueUnfinished(this.#deps);
  }

  /** One sentence when the newest server.yaml is invalid; empty when it is in effect. */
  details(): readonly string[] {
    const [first] = this.#problems;
    if (first === undefined) return [];
    const { place, message } = first;
    const where = place?.line === undefined ? "" : ` (line ${place.line})`;
    const more = this.#problems.length === 1 ? "" : `, and ${this.#problems.length - 1} more in the log`;
    return [
      `server.yaml cannot be used as it is now, what held before holds: ${message.replace(/\.$/, "")}${where}${more}`,
    ];
  }
}
