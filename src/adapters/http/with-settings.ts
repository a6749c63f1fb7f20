// Ports that read the settings at each request, since server.yaml may change while the server runs.

import type { Settings } from "../../domain/model/config/settings.ts";

type Read = Pick<
  Settings,
  "publishers" | "deployers" | "chartRepositories" | "webhookSecret" | "metrics" | "proxies"
>;

/** What routes need of the settings, under the names they have there. */
function readers(settings: Read) {
  return {
    get publishers() {
      return settings.publishers;
    },
    get deployers() {
      return settings.deployers;
    },
    get repositories() {
      return settings.chartRepositories;
    },
    get webhookSecret() {
      return settings.webhookSecret;
    },
    get metricsAccess() {
      return settings.metrics;
    },
  };
}

/** `ports` and the settings beside them; never to be spread, which would keep the settings of that moment. */
export function withSettings<Ports extends object>(
  settings: Read,
  ports: Ports,
): Ports & ReturnType<typeof readers> {
  return Object.assign(readers(settings), ports);
}
