// The settings as they are now: server.yaml may change while the server runs. Who holds them reads the newest each time; a
// list that was read once stays as it was.

import type { Settings } from "../domain/model/config/settings.ts";

/** What server.yaml says, and what may be changed over in a file. The rest holds from the start on. */
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
