// What describing a change needs, with a chart repository that has every version: small charts, packed on demand.

import { openArchive } from "../../src/charts/open-archive.ts";
import type { Settling } from "../../src/flow/promote/settling.ts";
import type { Charts, World } from "../../src/flow/world.ts";
import type { Environment } from "../../src/model/config.ts";
import { ok } from "../../src/model/problem.ts";
import type { ChartRepository } from "../../src/model/settings.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { packChart } from "../../src/sandbox/museum/pack-chart.ts";

const charts: Charts = {
  lookUp: async () => ({ kind: "missing", asked: "nothing is asked here" }),
  listVersions: async () => ({ kind: "same" }),
  versions: async () => ok([]),
  fetchArchive: async (_repository, { chart: name, version }) =>
    ok({ packed: packChart({ name, version, appVersion: version }) }),
  openArchive,
};

export function settlingFor(
  { environment, snapshot }: { readonly environment: Environment; readonly snapshot: Snapshot },
  chartRepositories: readonly ChartRepository[],
): Settling {
  const repository = {
    id: 1,
    installationId: 1,
    owner: "acme",
    name: "config",
    defaultBranch: "main",
    archived: false,
  };
  return {
    environment,
    snapshot,
    about: {
      agenda: { repository, index: undefined, deliveries: [], pending: [] },
      repository,
      config: { environments: [environment] },
      scope: new Map(),
      answer: {
        nodeId: "R_1",
        nameWithOwner: "acme/config",
        archived: false,
        autoMergeAllowed: false,
        snapshots: new Map(),
        ids: { labels: new Map(), users: new Map() },
      },
      dependents: [],
    },
    world: worldWith(chartRepositories),
  };
}

/** Only what describing asks for is there; anything else would throw. */
function worldWith(chartRepositories: readonly ChartRepository[]): World {
  const store = {
    promotions: { ofRepository: async () => [] },
    repositories: { findByName: async () => undefined },
    publishes: { find: async () => undefined },
  };
  const world = {
    charts,
    inspection: {},
    store,
    settings: { chartRepositories, githubWeb: "https://github.com" },
  };
  return Object.assign(Object.create(null), world);
}
