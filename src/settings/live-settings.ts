// The current settings: server.yaml may change while the server runs. Read a setting each time it is needed; a value
// that was read before does not change.

import type { Settings } from "../domain/model/config/settings.ts";

/**
 * The settings that can change at runtime: those of server.yaml, and secrets in files. All others are fixed at the
 * start.
 */
const LIVE = [
  ...(["chartRepositories", "publishers", "deployers", "imageRegistries"] as const),
  ...(["recipients", "historyMs", "pauses", "proxies", "metrics", "onboarding"] as const),
  "webhookSecret",
] as const satisfies readonly (keyof Settings)[];

export class LiveSettings {
  readonly settings: Settings;
  #current: Settings;

  constructor(first: Settings) {
    this.#current = first;
    const getters = LIVE.map((key) => [key, { enumerable: true, get: () => this.#current[key] }]);
    this.settings = Object.defineProperties({ ...first }, Object.fromEntries(getters));
  }

  replace(next: Settings): void {
    this.#current = next;
  }
}
