// What describing a change needs, with a chart repository that has every version: small charts, packed on demand.

import { openArchive } from "../../src/adapters/charts/archive/open-archive.ts";
import { reviewJob } from "../../src/chart-tools/review-job.ts";
import type { Environment } from "../../src/domain/model/config/config.ts";
import type { ChartRepository } from "../../src/domain/model/config/settings.ts";
import type { Snapshot } from "../../src/domain/model/github/snapshot.ts";
import { ok } from "../../src/domain/model/problem.ts";
import type { ChartRepositories, Deps } from "../../src/reconcile/context.ts";
import type { ReviewRequest } from "../../src/reconcile/ports/chart-review.ts";
import { DECISIONS, type DecisionName } from "../../src/reconcile/ports/decisions.ts";
import type { ObservedEnvironment } from "../../src/reconcile/promotion/observed-repository.ts";
import { packChart } from "../../src/sandbox/chartmuseum/pack-chart.ts";

const charts: ChartRepositories = {
  lookUp: async () => ({ kind: "missing", requested: "nothing is asked here" }),
  lookUpAll: async (_repository, wanted) =>
    wanted.map(() => ({ kind: "missing", requested: "nothing is asked here" })),
  listVersions: async () => ({ kind: "same" }),
  released: async () => ({ versions: [] }),
  fetchArchive: async (_repository, { chart: name, version }) =>
    ok({ packed: packChart({ name, version, appVersion: version }) }),
  openArchive: (packed) => openArchive(packed),
};

export function settlingFor(
  { environment, snapshot }: { readonly environment: Environment; readonly snapshot: Snapshot },
  chartRepositories: readonly ChartRepository[],
): ObservedEnvironment {
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
    upstream: { kind: "none" },
    about: {
      work: { repository, index: undefined, deliveries: [], pending: [], resync: false },
      repository,
      config: { environments: [environment] },
      scope: new Map(),
      carriedHolds: new Set(),
      observed: {
        nodeId: "R_1",
        nameWithOwner: "acme/config",
        archived: false,
        autoMergeAllowed: false,
        snapshots: new Map(),
        ids: { labels: new Map(), users: new Map() },
      },
      dependents: [],
      doubts: new Map(),
    },
    deps: worldWith(chartRepositories),
  };
}

/** Only what describing asks for is there; anything else would throw. */
function worldWith(chartRepositories: readonly ChartRepository[]): Deps {
  const store = {
    promotions: { ofRepository: async () => [], ofEnvironment: async () => [] },
    repositories: { findByName: async () => undefined },
    publishes: { find: async () => undefined },
  };
  const world = {
    charts,
    clock: () => new Date(0),
    decisions: {
      decide: async (_flow: string, name: DecisionName, ...given: readonly unknown[]) =>
        Reflect.apply(DECISIONS[name], undefined, given),
    },
    inspection: { review: (request: ReviewRequest) => reviewJob(request, undefined) },
    store,
    settings: { chartRepositories, publishers: [], githubWeb: "https://github.com" },
  };
  return Object.assign(Object.create(null), world);
}
