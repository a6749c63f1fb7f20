// Loads the state of the environment that `after` names, in the same config repository or another.

import type { Environment } from "../../domain/model/config/config.ts";
import type { Deployment } from "../../domain/model/deployment.ts";
import type { ObservedState } from "../../domain/model/github/observed-state.ts";
import type { ConfigRepository, RepositoryIndex } from "../../domain/model/github/repository.ts";
import type { Snapshot } from "../../domain/model/github/snapshot.ts";
import type { PromotionRecord } from "../../domain/model/publish.ts";
import { promotedVersions } from "../../domain/plan/history.ts";
import type { PresentVersion, UpstreamState } from "../../domain/plan/upstream.ts";
import { currentVersion } from "../../domain/umbrella/installed-version.ts";
import type { Deps } from "../context.ts";
import { umbrellaOf } from "../repository/umbrella-of.ts";

/** How many deployments of the upstream environment are considered. */
const CONSIDERED = 500;

interface DownstreamContext {
  readonly repository: ConfigRepository;
  /** State of the repository, if it was read; it shows the versions in an upstream environment of the same repository. */
  readonly observed?: ObservedState;
  /** Former names of the repository's environments, by their current names. */
  readonly renamedFrom?: RepositoryIndex["renamedFrom"];
}

/** What was deployed under the upstream environment's former name counts. */
export async function loadUpstream(
  { after, soakMs }: Environment,
  context: DownstreamContext,
  deps: Deps,
): Promise<UpstreamState> {
  if (!after) return { kind: "none" };
  const { store } = deps;
  const { repository, observed } = context;
  const other = after.repository ? await elsewhere(after.repository, after.environment, deps) : context;
  if ("kind" in other) return other;
  const { environment } = after;
  const { id } = other.repository;
  const names = [environment, other.renamedFrom?.[environment]].filter((name) => name !== undefined);
  const deployments: Deployment[] = [];
  for (const name of names)
    deployments.push(...(await store.deployments.ofEnvironment(id, name, CONSIDERED)));
  const records = await store.promotions.ofEnvironment({ repositoryId: id, environment });
  const declined = records.filter(({ state }) => state === "declined");
  const snapshot = after.repository ? undefined : observed?.snapshots.get(environment);
  const present = snapshot && (await presentIn(snapshot, repository, deps));
  return {
    ...{ kind: "known", environment, soakMs, deployments },
    declined: await versionsOf(declined, store.publishes),
    ...(present && { present }),
  };
}

/** An environment of another repository, from the database. */
async function elsewhere(
  { owner, name }: { readonly owner: string; readonly name: string },
  environment: string,
  { store }: Deps,
): Promise<DownstreamContext | Extract<UpstreamState, { readonly kind: "unknown" }>> {
  const found = await store.repositories.findByName(owner, name);
  if (!found) return { kind: "unknown", because: `waits for ${owner}/${name}, which the App does not see` };
  const index = await store.repositories.index(found.id);
  const isThere =
    !index || index.problems.length > 0 || index.config?.environments.some((one) => one.name === environment);
  return isThere
    ? { repository: found, renamedFrom: index?.renamedFrom }
    : { kind: "unknown", because: `waits for ${owner}/${name}, which has no environment ${environment}` };
}

/** The versions on its branch; `undefined` when they cannot be read. */
export async function presentIn(
  snapshot: Snapshot,
  repository: ConfigRepository,
  deps: Deps,
): Promise<ReadonlyMap<string, PresentVersion> | undefined> {
  const umbrella = await umbrellaOf(snapshot, repository, deps);
  if (!umbrella.ok) return undefined;
  const merged = [...snapshot.branches.values()]
    .flatMap(({ pullRequests }) => pullRequests.filter(({ state }) => state === "merged"))
    .flatMap(promotedVersions);
  return new Map(
    umbrella.value.dependencies.flatMap(({ name }, at) => {
      const version = currentVersion(umbrella.value, at)?.original ?? "";
      const isPromoted = merged.some((one) => one.chart === name && one.version === version);
      return [[name, { version, isPromoted }] as const];
    }),
  );
}

async function versionsOf(
  records: readonly PromotionRecord[],
  publishes: Pick<Deps["store"]["publishes"], "get">,
): Promise<ReadonlySet<string>> {
  const found = await Promise.all(records.map(({ publishId }) => publishes.get(publishId)));
  return new Set(found.flatMap((publish) => (publish ? [`${publish.chart} ${publish.version}`] : [])));
}
