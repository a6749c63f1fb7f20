// Ports that read the settings on each request, since server.yaml may change while the server runs.

import type { Settings } from "../../domain/model/config/settings.ts";

type Read = Pick<
  Settings,
  "publishers" | "deployers" | "chartRepositories" | "webhookSecret" | "metrics" | "proxies"
>;

/** The settings that routes need, under their names there. */
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

/** `ports` plus getters for the settings; must not be spread, which would freeze the present values. */
export function withSettings<Ports extends object>(
  settings: Read,
  ports: Ports,
): Ports & ReturnType<typeof readers> {
  return Object.assign(readers(settings), ports);
}
