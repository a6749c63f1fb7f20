// The versions in an upstream environment of another repository. Read when a version waits for a deployment that may
// never happen, because the version was there before the App.

import { versionStatusOf } from "../../domain/deployment/version-status.ts";
import type { Environment } from "../../domain/model/config/config.ts";
import type { ConfigRepository } from "../../domain/model/github/repository.ts";
import type { Publish } from "../../domain/model/publish.ts";
import type { UpstreamState } from "../../domain/plan/upstream.ts";
import { compareVersions, parseVersion } from "../../domain/versions/version.ts";
import type { Deps } from "../context.ts";
import { planReads } from "../repository/read-plan.ts";
import { presentIn } from "./upstream.ts";

interface PresentContext {
  readonly about: { readonly repository: Pick<ConfigRepository, "installationId"> };
  readonly publishes: readonly Publish[];
  readonly deps: Deps;
}

type Known = Extract<UpstreamState, { readonly kind: "known" }>;

/**
 * One query, if a chart's newest version was never deployed there; what cannot be read stays unknown. Another account's
 * repository is not read: its versions are confidential, and it would use that account's rate limit.
 */
export async function withPresentElsewhere(
  upstream: UpstreamState,
  { after }: Environment,
  { about, publishes, deps }: PresentContext,
): Promise<UpstreamState> {
  if (upstream.kind !== "known" || !after?.repository) return upstream;
  const waiting = chartsWaiting(upstream, publishes);
  if (waiting.size === 0) return upstream;
  const { owner, name } = after.repository;
  try {
    const there = await deps.store.repositories.findByName(owner, name);
    if (there?.installationId !== about.repository.installationId) return upstream;
    const present = await read(there, { environment: after.environment, charts: waiting }, deps);
    return { ...upstream, ...(present && { present }) };
  } catch (error) {
    deps.log.warn({ repository: `${owner}/${name}`, err: error }, "what stands there could not be read");
    return upstream;
  }
}

function chartsWaiting({ deployments, declined }: Known, publishes: readonly Publish[]): ReadonlySet<string> {
  const newest = new Map<string, Publish>();
  for (const publish of publishes) {
    const before = newest.get(publish.chart);
    if (!before || isNewer(publish, before)) newest.set(publish.chart, publish);
  }
  const waiting = [...newest.values()].filter(
    ({ chart, version }) =>
      !declined.has(`${chart} ${version}`) && versionStatusOf(deployments, chart, version).kind === "never",
  );
  return new Set(waiting.map(({ chart }) => chart));
}

function isNewer(one: Publish, other: Publish): boolean {
  const [a, b] = [parseVersion(one.version), parseVersion(other.version)];
  return a !== undefined && b !== undefined && compareVersions(a, b) > 0;
}

interface PresenceQuery {
  readonly environment: string;
  readonly charts: ReadonlySet<string>;
}

async function read(
  there: ConfigRepository,
  { environment, charts }: PresenceQuery,
  deps: Deps,
): Promise<Known["present"]> {
  const index = await deps.store.repositories.index(there.id);
  if (!index?.config) return undefined;
  const environments = planReads(index.config, new Map([[environment, charts]]), index.dependents);
  const observed = await deps.github.in(there).fetchRepositoryState({ environments });
  const snapshot = observed?.snapshots.get(environment);
  return snapshot && presentIn(snapshot, there, deps);
}
