// A publish was announced: is the chart really there? Then everyone who depends on it has to look.

import type { Problem } from "../../model/problem.ts";
import type { Publish } from "../../model/publish.ts";
import type { ChartRepository } from "../../model/settings.ts";
import type { Again, LookUp, World } from "../world.ts";

/** How long a healthy chart repository may go on saying that the version is not there: its index lags behind uploads. */
const PATIENCE_MS = 15 * 60_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 60_000;

/** What verifying needs of the world. */
export interface VerifyWorld extends Pick<World, "store" | "clock" | "log"> {
  readonly settings: Pick<World["settings"], "chartRepositories">;
  readonly charts: Pick<World["charts"], "lookUp">;
}

/** Look at one publish; does nothing when it is settled. Waiting is told by `again` and holds no worker. */
export async function verifyPublish(id: string, world: VerifyWorld): Promise<Again> {
  const publish = await world.store.publishes.get(id);
  if (publish?.state !== "accepted") return undefined;
  const repository = world.settings.chartRepositories.find(({ name }) => name === publish.repository);
  if (!repository) return reject(publish, unknownRepository(publish), world);
  const { chart, version, digest, at } = publish;
  const found = await world.charts.lookUp(repository, {
    chart,
    version,
    ...(digest !== undefined && { digest }),
    since: at,
  });
  switch (found.kind) {
    case "found":
      return judge(publish, found, world);
    case "missing":
      return missing(publish, found.asked, { repository, world });
    case "unreachable":
      await world.store.publishes.wait(id, found.problem);
      return { again: new Date(world.clock().getTime() + retryMs(publish, world)) };
  }
}

/**
 * A repository whose index is made meanwhile reads the verified publishes after that, and here the index is read after
 * the publish is verified: one of the two sees the other.
 */
async function judge(
  publish: Publish,
  found: Extract<LookUp, { kind: "found" }>,
  world: VerifyWorld,
): Promise<Again> {
  const { digest, metadata } = found;
  if (publish.digest !== undefined && digest !== undefined && publish.digest !== digest) {
    return reject(publish, wrongDigest(publish, digest), world);
  }
  const { store, log } = world;
  const { id, chart, version, repository } = publish;
  const known = await store.repositories.dependents({ chart, repository });
  await store.publishes.verify(id, {
    ...(digest !== undefined && { digest }),
    ...(metadata.appVersion !== undefined && { appVersion: metadata.appVersion }),
    routes: known,
  });
  const dependents = await store.repositories.dependents({ chart, repository });
  await store.publishes.route(
    id,
    dependents.filter((dependent) => !known.includes(dependent)),
  );
  log.info({ publish: id, chart, version, dependents: dependents.length }, "publish verified");
  for (const dependent of new Set([...known, ...dependents]))
    await store.queue.mark(`repository:${dependent}`, { priority: 1 });
  return undefined;
}

async function missing(
  publish: Publish,
  asked: string,
  { repository, world }: { readonly repository: ChartRepository; readonly world: VerifyWorld },
): Promise<Again> {
  const now = world.clock();
  const since = publish.missingSince ?? now;
  const problem = notThere(publish, asked, repository);
  if (now.getTime() - since.getTime() >= PATIENCE_MS) return reject(publish, problem, world);
  await world.store.publishes.wait(publish.id, problem, since);
  return { again: new Date(now.getTime() + retryMs(publish, world)) };
}

/** Half of the time waited so far: an index that lags for milliseconds is asked again at once, one that lags for minutes is spared. */
function retryMs(publish: Publish, world: VerifyWorld): number {
  const waited = world.clock().getTime() - publish.at.getTime();
  return Math.min(LAST_RETRY_MS, Math.max(FIRST_RETRY_MS, waited / 2));
}

async function reject(publish: Publish, problem: Problem, world: VerifyWorld): Promise<Again> {
  await world.store.publishes.reject(publish.id, problem);
  world.log.warn({ publish: publish.id, problem }, "publish rejected");
  return undefined;
}

function notThere({ chart, version }: Publish, asked: string, { name }: ChartRepository): Problem {
  return {
    code: "chart-missing",
    message: `${chart} ${version} is not in the chart repository "${name}": ${asked}.`,
    help: "Upload the chart before announcing it, and check that the announcement names the chart, the version and the repository exactly.",
  };
}

function wrongDigest({ chart, version, digest }: Publish, found: string): Problem {
  return {
    code: "chart-digest",
    message: `${chart} ${version} was announced with ${digest}, but the chart repository has ${found}.`,
    help: "Publish a new version: a version that was overwritten, or announced from another build, is never promoted.",
  };
}

function unknownRepository({ repository }: Publish): Problem {
  return {
    code: "not-found",
    message: `The chart repository "${repository}" is no longer in server.yaml.`,
    help: "Put it back under chartRepositories, then announce the publish again.",
  };
}
