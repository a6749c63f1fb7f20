// Plans one environment's folder in a checkout for a hypothetical publish.

import { join } from "node:path";
import { resolveRepository } from "../../domain/model/chart/chart-repository.ts";
import { repositoryUrls } from "../../domain/model/chart/repository-urls.ts";
import type { Environment } from "../../domain/model/config/config.ts";
import type { ChartRepository } from "../../domain/model/config/settings.ts";
import type { Snapshot } from "../../domain/model/github/snapshot.ts";
import { textsOf } from "../../domain/model/github/texts-of.ts";
import type { Plan } from "../../domain/model/promotion.ts";
import type { Publish } from "../../domain/model/publish.ts";
import { shownAddress } from "../../domain/model/secret/shown-address.ts";
import { type Umbrella, valuesKey } from "../../domain/model/umbrella.ts";
import { planEnvironment } from "../../domain/plan/plan-environment.ts";
import { branchOf } from "../../domain/plan/promotion-branch.ts";
import { readUmbrella } from "../../domain/umbrella/read-umbrella.ts";
import { filesToRead } from "../../reconcile/repository/read-plan.ts";
import { readBlobs, repositoriesIn, vendoredIn } from "./environment-folder.ts";

/** A plan and its input. */
export interface Planned {
  readonly plan: Plan;
  readonly environment: Environment;
  readonly snapshot: Snapshot;
  readonly repositories: readonly ChartRepository[];
}

interface Given {
  /** From a server.yaml. */
  readonly known: readonly ChartRepository[] | undefined;
  readonly values: Publish["values"];
}

interface BumpRequest {
  readonly configRepository: string;
  readonly chart: string;
  readonly version: string;
  readonly repository?: string;
  readonly appVersion?: string;
}

interface PlannedFolder {
  readonly planned: readonly Planned[];
  /** Why the environment does not have the chart although it seems to. */
  readonly hint?: string;
}

/** Plans one environment of a checkout as the server does. */
export async function planFolder(
  environment: Environment,
  options: BumpRequest,
  { known, values }: Given,
): Promise<PlannedFolder> {
  const folder = join(options.configRepository, environment.path);
  const manifests = await readBlobs(folder, filesToRead(environment, []));
  const repositories = known ?? repositoriesIn(textsOf(manifests), options.repository);
  const umbrella = readUmbrella(textsOf(manifests), repositoryUrls(repositories));
  const entries = umbrella.ok ? umbrella.value.dependencies.filter(({ name }) => name === options.chart) : [];
  const [repository] = entries.flatMap((entry) => resolveRepository(repositories, entry.repository) ?? []);
  if (umbrella.ok && !repository) return unplanned(umbrella.value, options.chart, environment.name);
  const keys = entries.map(valuesKey);
  const branch = branchOf(environment, options.chart);
  const snapshot: Snapshot = {
    environment: environment.name,
    base: "0".repeat(40),
    files: await readBlobs(folder, filesToRead(environment, keys)),
    vendored: await vendoredIn(folder),
    branches: new Map([[branch, { name: branch, pullRequests: [] }]]),
  };
  const publish = { ...publishOf(options, repository?.name ?? ""), values };
  const { plans } = planEnvironment({
    environment,
    snapshot,
    publishes: [publish],
    charts: new Set([options.chart]),
    chartRepositories: repositories,
    upstream: { kind: "none" },
    now: new Date(),
  });
  return { planned: plans.map((plan) => ({ plan, environment, snapshot, repositories })) };
}

function unplanned({ dependencies }: Umbrella, chart: string, environment: string): PlannedFolder {
  const called = dependencies.find(({ alias }) => alias === chart);
  if (called !== undefined)
    return { planned: [], hint: `it is the alias of ${called.name} in ${environment}` };
  const named = dependencies.find(({ name }) => name === chart);
  if (named === undefined) return { planned: [] };
  const from = shownAddress(named.repository) || "charts/";
  const way = /^(@|alias:)/.test(from) ? "; --server-config or --repository says what that stands for" : "";
  return { planned: [], hint: `${environment} has it from ${from}${way}` };
}

function publishOf(options: BumpRequest, repository: string): Omit<Publish, "values"> {
  return {
    id: "dry-run",
    chart: options.chart,
    version: options.version,
    repository,
    source: {},
    publisher: "dry-run",
    at: new Date(),
    state: "verified",
    ...(options.appVersion !== undefined && { appVersion: options.appVersion }),
  };
}
