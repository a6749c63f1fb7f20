// Which publishes a key of the work queue is worked on for: from the database, and only when tracing is on.

import { isFinal } from "../../domain/deployment/combine-calls.ts";
import type { WorkKey } from "../keys.ts";
import type { Store } from "../ports/store/store.ts";

/** The most publishes for one key. */
const MOST = 50;
/** How many of an environment's deployments are searched. */
const LOOKED_THROUGH = 20;

export async function publishesOf(key: WorkKey, store: Store): Promise<readonly string[]> {
  switch (key.kind) {
    case "chart":
      return (await store.publishes.unverified(key, MOST)).map(({ id }) => id);
    case "repository": {
      const deliveries = await store.deliveries.undone(key.id);
      const merged = deliveries.flatMap(({ event }) =>
        event.kind === "pull-request-merged" ? [event.number] : [],
      );
      const brought = await broughtBy(key.id, merged, store);
      return [...new Set([...(await store.publishes.routesOf(key.id, MOST)), ...brought])].slice(0, MOST);
    }
    case "check-run":
      return key.target.kind === "pull-request"
        ? broughtBy(key.repositoryId, [key.target.number], store)
        : [];
    case "deployment": {
      const { repositoryId, environment } = key;
      const newest = await store.deployments.ofEnvironment(repositoryId, environment, LOOKED_THROUGH);
      const open = newest.filter(({ state }) => !isFinal(state)).map(({ pullRequest }) => pullRequest);
      return broughtBy(repositoryId, open, store, environment);
    }
    case "dashboard":
    case "deliveries":
    case "drift":
    case "events":
    case "glance":
    case "installation":
    case "notices":
    case "poll":
    case "prune":
    case "resync":
    case "sweep":
      return [];
  }
}

/** For the deployment with this GitHub id. */
export async function publishesDeployedBy(deploymentId: number, store: Store): Promise<readonly string[]> {
  const deployment = await store.deployments.byGithubId(deploymentId);
  if (!deployment) return [];
  const { repositoryId, pullRequest, environment } = deployment;
  return broughtBy(repositoryId, [pullRequest], store, environment);
}

const BROUGHT = new Set(["proposed", "merged", "deploying", "deployed", "failed"]);

/** The publishes in these pull requests, open or merged. */
async function broughtBy(
  repositoryId: number,
  pullRequests: readonly number[],
  ...[{ promotions }, environment]: [store: Store, environment?: string]
): Promise<readonly string[]> {
  if (pullRequests.length === 0) return [];
  const records = await promotions.ofRepository(repositoryId);
  const found = records.filter(
    (one) =>
      one.pullRequest !== undefined &&
      pullRequests.includes(one.pullRequest.number) &&
      BROUGHT.has(one.state) &&
      (environment === undefined || one.environment === environment),
  );
  return [...new Set(found.map(({ publishId }) => publishId))].slice(0, MOST);
}
