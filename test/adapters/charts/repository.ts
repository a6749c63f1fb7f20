// A chart repository as the settings describe it, pointing at a stand-in.

import type { ChartRepository } from "../../../src/domain/model/config/settings.ts";

export function chartRepository(url: string, other: Partial<ChartRepository> = {}): ChartRepository {
  const { kind = "chartmuseum", credentials = { kind: "none" } } = other;
  return { name: "stakater", url, also: [], fetchFrom: url, kind, credentials, ...other };
}
