// One environment's deployments: the deployers are told, followed, and what they report is shown on GitHub.

import { deploy } from "../deploy/deploy.ts";
import { exchangeWithin } from "../deploy/exchange.ts";
import { defaultPatience } from "../deploy/patience.ts";
import type { DeployPorts, EnvironmentKey, Settlement, Site } from "../deploy/ports.ts";
import { frozenUntil } from "../merge/frozen.ts";
import type { Environment } from "../model/config.ts";
import type { Moved } from "../model/deployment.ts";
import type { PromotionRecord } from "../model/publish.ts";
import { lookAtAll } from "./discover.ts";
import { recordOutcome } from "./promotion-records.ts";
import type { Again, World } from "./world.ts";

const CALL_TIMEOUT_MS = 10_000;

/** `place`: `<repository id>/<environment>`. */
export async function deployEnvironment(place: string, world: World): Promise<Again> {
  const slash = place.indexOf("/");
  const key = { repositoryId: Number(place.slice(0, slash)), environment: place.slice(slash + 1) };
  const repository = await world.store.repositories.get(key.repositoryId);
  if (!repository) return undefined;
  const { again } = await deploy(key, portsFor(key, world));
  await recordUnderWay(key, world);
  return again && { again };
}

function portsFor(key: EnvironmentKey, world: World): DeployPorts {
  const { store, github, settings } = world;
  const repositoryOf = async (id: number) => {
    const repository = await store.repositories.get(id);
    if (!repository) throw new Error(`repository ${id} went away`);
    return repository;
  };
  return {
    deployments: store.deployments,
    commits: { containment: async (id, shas) => github.containment(await repositoryOf(id), shas) },
    statuses: {
      set: async ({ repositoryId, githubId }, { state, description, logUrl }) =>
        github.setDeploymentStatus(await repositoryOf(repositoryId), githubId, {
          state,
          description,
          ...(logUrl !== undefined && { log: logUrl }),
        }),
    },
    comments: {
      ensure: async ({ repositoryId, pullRequest }, comment) =>
        github.ensureComment(await repositoryOf(repositoryId), pullRequest, comment),
    },
    sites: { find: () => siteOf(key, world) },
    settlements: { tell: (settlement) => settled(settlement, world) },
    deployers: new Map(settings.deployers.map((deployer) => [deployer.name, deployer])),
    exchange: exchangeWithin(CALL_TIMEOUT_MS),
    patience: defaultPatience,
    now: world.clock,
  };
}

async function siteOf(
  { repositoryId, environment }: EnvironmentKey,
  { store, clock }: World,
): Promise<Site | undefined> {
  const repository = await store.repositories.get(repositoryId);
  const index = await store.repositories.index(repositoryId);
  const configured = index?.config?.environments.find(({ name }) => name === environment);
  if (!repository || !configured) return undefined;
  return {
    repository: `${repository.owner}/${repository.name}`,
    path: configured.path,
    ...frozenNow(configured, clock()),
  };
}

function frozenNow({ freeze }: Environment, now: Date): Pick<Site, "frozen"> {
  const until = frozenUntil(freeze, now);
  const last = freeze.find(({ to }) => to.getTime() === until?.getTime());
  return until && last ? { frozen: { until, reason: last.reason } } : {};
}

/** The publishes that a deployment under way brings are `deploying`. */
async function recordUnderWay({ repositoryId, environment }: EnvironmentKey, world: World): Promise<void> {
  const [newest] = await world.store.deployments.ofEnvironment(repositoryId, environment, 1);
  if (newest?.state !== "in_progress" && newest?.state !== "queued") return;
  if (newest.deployers.length === 0) return;
  await recordOutcome(
    newest,
    { state: "deploying", because: `deployment ${newest.githubId} is under way` },
    world,
  );
}

/** A deployment ended: its publishes are told, and the environments that come after this one look again. */
async function settled({ deployment, state, delivered }: Settlement, world: World): Promise<void> {
  if (state === "inactive") return;
  const outcome = outcomeOf(state, deployment.githubId);
  const promotions: readonly Moved[] = state === "success" ? delivered : deployment.promotions;
  if (deployment.deployers.length > 0) await recordOutcome({ ...deployment, promotions }, outcome, world);
  await wakeDownstream(deployment, world);
}

function outcomeOf(
  state: "success" | "failure" | "error",
  id: number,
): Pick<PromotionRecord, "state" | "because"> {
  return state === "success"
    ? { state: "deployed", because: `deployment ${id} succeeded` }
    : { state: "failed", because: `deployment ${id} ended with ${state}` };
}

/** Environments with `after` naming this one, in this repository or another, may now take what was deployed. */
async function wakeDownstream({ repositoryId, environment }: EnvironmentKey, world: World): Promise<void> {
  const { repositories } = world.store;
  const upstream = await repositories.get(repositoryId);
  for (const { id } of await repositories.all()) {
    const index = await repositories.index(id);
    const waiting = index?.config?.environments.some(({ after }) => {
      if (after?.environment !== environment) return false;
      if (!after.repository) return id === repositoryId;
      const [wanted, here] = [after.repository, upstream].map((one) =>
        `${one?.owner}/${one?.name}`.toLowerCase(),
      );
      return wanted === here;
    });
    if (waiting) await lookAtAll(id, world);
  }
}
