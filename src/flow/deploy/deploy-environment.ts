// One environment's deployments: the deployers are told, followed, and what they report is shown on GitHub.

import { deploy } from "../../deploy/deploy.ts";
import { exchangeWithin } from "../../deploy/exchange.ts";
import { defaultPatience } from "../../deploy/patience.ts";
import type { DeployPorts, EnvironmentKey, Settlement, Site } from "../../deploy/ports.ts";
import { frozenUntil } from "../../merge/frozen.ts";
import type { Environment } from "../../model/config.ts";
import type { Deployment, Moved } from "../../model/deployment.ts";
import type { PromotionRecord } from "../../model/publish.ts";
import { recordOutcome } from "../promote/promotion-records.ts";
import { broughtOut } from "../upstream/brought-out.ts";
import { wakeDownstream } from "../upstream/wake-downstream.ts";
import type { Again, World } from "../world.ts";

const CALL_TIMEOUT_MS = 10_000;

/** How many deployments of the environment are considered. */
const CONSIDERED = 500;

/** `place`: `<repository id>/<environment>`. */
export async function deployEnvironment(place: string, world: World): Promise<Again> {
  const slash = place.indexOf("/");
  const key = { repositoryId: Number(place.slice(0, slash)), environment: place.slice(slash + 1) };
  const repository = await world.store.repositories.get(key.repositoryId);
  if (!repository) return undefined;
  let ended = false;
  const tell = async (settlement: Settlement): Promise<void> => {
    ended = true;
    await recordEnd(settlement, world);
  };
  try {
    const { again } = await deploy(key, { ...portsFor(key, world), settlements: { tell } });
    await recordUnderWay(key, world);
    return again && { again };
  } finally {
    // Only now the end is on record, where those that come after look for it; what failed since does not end it again.
    if (ended) await wakeDownstream(key, world);
  }
}

function portsFor(key: EnvironmentKey, world: World): Omit<DeployPorts, "settlements"> {
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
      set: async ({ repositoryId, githubId, description: told }, { state, description, logUrl }) => {
        const repository = await repositoryOf(repositoryId);
        const log = logUrl === undefined ? {} : { log: logUrl };
        if (await github.setDeploymentStatus(repository, githubId, { state, description, ...log })) return;
        // One that has had a status was deleted by people since; a new one does not show yet.
        if (told === undefined) throw new Error(`GitHub does not show deployment ${githubId} yet`);
        world.log.warn({ repository: repositoryId, deployment: githubId }, "deployment deleted on GitHub");
      },
    },
    comments: {
      ensure: async ({ repositoryId, pullRequest }, comment) =>
        github.ensureComment(await repositoryOf(repositoryId), pullRequest, comment),
    },
    sites: { find: () => siteOf(key, world) },
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

/** A deployment ended, which is told to its publishes. */
async function recordEnd(
  { deployment, state, overtaken, delivered }: Settlement,
  world: World,
): Promise<void> {
  if (deployment.deployers.length === 0) return;
  if (state === "inactive")
    return recordOvertaken({ ...deployment, state, ...(overtaken && { overtaken }) }, world);
  const promotions = state === "success" ? delivered : await notOut({ ...deployment, state }, world);
  await recordOutcome({ ...deployment, promotions }, outcomeOf(state, deployment.githubId), world);
}

/** Told of so late that what contains it may have succeeded already, which is not told again. */
async function recordOvertaken(deployment: Deployment, world: World): Promise<void> {
  const past = await pastWith(deployment, world);
  const charts = new Set(deployment.promotions.map(({ chart }) => chart));
  const promotions = past
    .flatMap((one) => one.promotions)
    .filter(({ chart, to }) => charts.has(chart) && broughtOut(past, chart, to).kind === "out");
  const because = `a deployment that contains ${deployment.githubId} succeeded`;
  await recordOutcome({ ...deployment, promotions }, { state: "deployed", because }, world);
}

/** What a failed deployment was to bring and no other has brought. */
async function notOut(deployment: Deployment, world: World): Promise<readonly Moved[]> {
  const past = await pastWith(deployment, world);
  return deployment.promotions.filter(({ chart, to }) => broughtOut(past, chart, to).kind !== "out");
}

/** The environment's deployments, newest first, with one as it will be on record. */
async function pastWith(deployment: Deployment, { store }: World): Promise<readonly Deployment[]> {
  const { repositoryId, environment, sha } = deployment;
  const past = await store.deployments.ofEnvironment(repositoryId, environment, CONSIDERED);
  return past.map((one) => (one.sha === sha ? deployment : one));
}

function outcomeOf(
  state: "success" | "failure" | "error",
  id: number,
): Pick<PromotionRecord, "state" | "because"> {
  return state === "success"
    ? { state: "deployed", because: `deployment ${id} succeeded` }
    : { state: "failed", because: `deployment ${id} ended with ${state}` };
}
