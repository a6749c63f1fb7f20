// What must hold at every moment, however little of a story the server has come to yet. Each answers what is wrong.

import { commitsBetween, isContained, mergeBase } from "../../../src/sandbox/github/git/history.ts";
import { changesBetween, itemAt } from "../../../src/sandbox/github/git/trees.ts";
import type { Repository } from "../../../src/sandbox/github/world/repositories/repository.ts";
import type { MultiTenantTestBed } from "../multi-tenant-test-bed.ts";
import { declinedUpTo } from "./expected.ts";
import type { Called, Hook } from "./hook.ts";
import type { Memory } from "./memory.ts";
import {
  AT_MOST,
  CHARTS,
  CONFIG,
  ENVIRONMENTS,
  type Environment,
  nameOf,
  PLACES,
  type Place,
  PRODUCTION,
  patchIn,
  TAG_LINE,
  versionLine,
  versionText,
} from "./stage.ts";
import { BOT, deploymentsIn, fileAt, isOwnHeal, patchAt, proposals, repositoryOf } from "./truth.ts";

export interface World {
  readonly testBed: MultiTenantTestBed;
  readonly hook: Hook;
}

type Breaches = readonly string[];

export function breachesAlways({ testBed, hook }: World, memory: Memory): Breaches {
  const deliveries = testBed.github.webhooks.deliveries.slice(memory.received);
  memory.received += deliveries.length;
  const pushes = deliveries.flatMap(({ event, repository, payload }) =>
    event === "push" ? [{ repository: repository ?? "", ...readPush(payload) }] : [],
  );
  const botPushes = pushes.filter(({ sender }) => sender === BOT);
  return [
    ...[CONFIG, PRODUCTION].flatMap((name) => severalOpen(testBed.github.repository(name))),
    ...botPushes.flatMap(outsidePromotions),
    ...(testBed.github.requests.merges.length > 0 ? ["the bot asked for a merge"] : []),
    ...botPushes.flatMap((push) => otherBytes(push, testBed, memory)),
    ...lostCommits(testBed, memory),
    ...PLACES.flatMap((place) => wrongVersions(place, testBed, memory)),
    ...ENVIRONMENTS.flatMap((environment) => wrongDeployments(environment, testBed, memory)),
    ...ENVIRONMENTS.flatMap((environment) => wrongCalls(environment, testBed, hook)),
    ...ENVIRONMENTS.flatMap((environment) => wrongRepeats(environment, { testBed, hook }, memory)),
  ];
}

interface BotPush {
  readonly repository: string;
  readonly ref: string;
  readonly after: string;
  readonly sender: string;
}

function readPush(payload: object): Omit<BotPush, "repository"> {
  const { ref, after, sender }: { ref: string; after: string; sender: { login: string } } = Object(payload);
  return { ref, after, sender: sender.login };
}

/** One open pull request for each environment and chart, and onto the environment's own branch. */
function severalOpen(repository: Repository): Breaches {
  const open = repository.pulls().filter(({ state, head }) => state === "open" && isPromotion(head.branch));
  const branches = open.map(({ head }) => head.branch);
  const doubled = branches.filter((branch, at) => branches.indexOf(branch) !== at);
  const astray = open.filter(
    ({ head, base }) =>
      !PLACES.some(
        ({ branch, environment }) =>
          branch === head.branch &&
          environment.branch === base.branch &&
          environment.repository === repository.fullName,
      ),
  );
  return [
    ...doubled.map((branch) => `two pull requests are open from ${branch}`),
    ...astray.map(({ number, head, base }) => `#${number} leads from ${head.branch} to ${base.branch}`),
  ];
}

function isPromotion(branch: string): boolean {
  return branch.startsWith("promote/");
}

/** A promotion branch, or the stage on which the next state of one is prepared. */
function outsidePromotions({ ref, repository }: BotPush): Breaches {
  return isPromotion(branchIn(ref)) ? [] : [`the bot pushed to ${ref} of ${repository}`];
}

function branchIn(ref: string): string {
  return ref.replace("refs/heads/", "").replace("promote-stage/", "promote/");
}

/** A commit of the bot differs from what it stands on in the version, the tag, and nothing else. */
function otherBytes(
  { repository: name, ref, after }: BotPush,
  testBed: MultiTenantTestBed,
  memory: Memory,
): Breaches {
  const repository = testBed.github.repository(name);
  const { objects } = repository;
  const place = PLACES.find(
    ({ branch, environment }) => branchIn(ref) === branch && environment.repository === name,
  );
  if (!place || objects.commit(after) === undefined) return [];
  const heads = memory.heads.get(`${name} ${place.environment.branch}`) ?? [];
  if (heads.includes(after)) return [];
  const fork = forkOf(after, heads, repository);
  const between = commitsBetween(objects, fork, after).map((oid) => objects.mustCommit(oid));
  if (between.length === 0) return [];
  const where = `${after.slice(0, 7)} on ${place.branch}`;
  const stranger = between.find(({ author }) => author.name !== BOT);
  if (stranger) return [`the bot's ${where} stands on a commit of ${stranger.author.name}`];
  const message = between.at(-1)?.message ?? "";
  const isRollback = /^Rolled-Back-From: /m.test(message);
  const patch = patchIn(/^Chart-Version: (\S+)$/m.exec(message)?.[1] ?? "");
  const { folder, manifest } = place.environment;
  const [was, is] = [fork, after].map((oid) => objects.mustCommit(oid).tree);
  return changesBetween(objects, was ?? "", is ?? "").flatMap(({ path }) => {
    const [before, now] = [fork, after].map((oid) => fileAt(repository, oid, path));
    if (path === folder + manifest)
      return before?.replace(versionLine(place.chart), `$1${versionText(patch)}`) === now
        ? []
        : [`${where} changes more of ${path} than the version to ${versionText(patch)}: ${now}`];
    const tag = TAG_LINE.exec(now ?? "")?.[2] ?? "";
    const mayChange = place.chart === "app" && path === `${folder}app.yaml`;
    const isExact = before?.replace(TAG_LINE, `$1${tag}`) === now;
    const isMeant = isRollback || tag === `v${versionText(patch)}`;
    return mayChange && isExact && isMeant ? [] : [`${where} changes ${path}: ${now}`];
  });
}

/** Where a commit left its base, as the base was before it came there itself. */
function forkOf(oid: string, heads: readonly string[], { objects }: Repository): string {
  const before = heads.findLast((head) => !isContained(objects, oid, head)) ?? oid;
  return mergeBase(objects, before, oid) ?? oid;
}

/** What people committed on a promotion branch is there until they delete the branch, merge it, or ask for a rebase. */
function lostCommits(testBed: MultiTenantTestBed, memory: Memory): Breaches {
  return memory.peoplesCommits.flatMap(({ place, oid }) => {
    const repository = repositoryOf(testBed, place.environment);
    const head = repository.branch(place.branch);
    const isThere = head !== undefined && isContained(repository.objects, oid, head);
    return isThere ? [] : [`a person's commit ${oid.slice(0, 7)} is gone from ${place.branch}`];
  });
}

/** A promotion never goes back to an older version, and none is opened for a version that was declined. */
function wrongVersions(place: Place, testBed: MultiTenantTestBed, memory: Memory): Breaches {
  const all = proposals(testBed, place);
  return all.flatMap((proposal, at) => {
    const { number, carries, isRollback } = proposal;
    const key = `${place.environment.repository}#${number}`;
    const before = memory.carried.get(key);
    memory.carried.set(key, carries);
    const what = `#${number} carries ${nameOf(place)} ${versionText(carries)}`;
    if (Number.isNaN(carries)) return [`#${number} does not say what it carries`];
    if (before !== undefined) return before > carries ? [`${what} after ${versionText(before)}`] : [];
    const declined = declinedUpTo(all.slice(0, at));
    const isWanted = isRollback || carries > declined || memory.insisted.has(`${nameOf(place)} ${carries}`);
    return isWanted ? [] : [`${what}, though ${versionText(declined)} was declined`];
  });
}

/** One for each merge commit that changed the environment's folder, saying what moved. */
function wrongDeployments(environment: Environment, testBed: MultiTenantTestBed, memory: Memory): Breaches {
  const repository = repositoryOf(testBed, environment);
  const here = deploymentsIn(testBed, environment).filter(({ task }) => task === "deploy");
  return here.flatMap(({ oid, payload, creator }, at) => {
    const what = `the deployment of ${oid.slice(0, 7)} to ${environment.name}`;
    const merge = memory.merges.find(
      (one) =>
        one.oid === oid && one.branch === environment.branch && one.repository === environment.repository,
    );
    if (!merge) return [`${what} is not of a merged pull request`];
    const moved = CHARTS.flatMap((chart) => {
      const [from = 0, to = 0] = [merge.before, oid].map((commit) =>
        patchAt(testBed, { environment, chart }, commit),
      );
      return from === to ? [] : [{ chart, from: versionText(from), to: versionText(to) }];
    });
    return [
      ...(here.findIndex((one) => one.oid === oid) === at ? [] : [`${what} was made twice`]),
      ...(creator.login === BOT ? [] : [`${what} is by ${creator.login}`]),
      ...(changes(repository, environment, merge) ? [] : [`${what} changes nothing there`]),
      ...(sameJson(payload, { promotions: moved, pullRequest: merge.number })
        ? []
        : [`${what} says ${JSON.stringify(payload)} for ${JSON.stringify(moved)}`]),
    ];
  });
}

/**
 * Of a commit that was deployed there, for a reason on record; none in a freeze, none by itself while kept, and of its own no
 * more that a deployer was told of than allowed.
 */
function wrongRepeats(environment: Environment, { testBed, hook }: World, memory: Memory): Breaches {
  const here = deploymentsIn(testBed, environment);
  const repeats = here.filter(({ task }) => task !== "deploy");
  const wrong = repeats.flatMap(({ id, oid, task, payload, creator }) => {
    const { heals, redeploys }: { readonly heals?: number; readonly redeploys?: number } = Object(payload);
    const repeated = here.find((one) => one.id === (task === "heal" ? heals : redeploys));
    const isOfOurs = creator.login === BOT && repeated?.oid === oid;
    return [
      ...(isOfOurs ? [] : [`the ${task} ${id} of ${environment.name} repeats nothing that was deployed`]),
      ...(memory.madeFrozen.has(id) ? [`the ${task} ${id} of ${environment.name} was made in a freeze`] : []),
      ...(memory.madeKept.has(id) ? [`the ${task} ${id} of ${environment.name} was made while kept`] : []),
    ];
  });
  const called = new Set([...hook.calls.values()].map(({ deploymentId }) => deploymentId));
  const heals = repeats.filter((repeat) => isOwnHeal(repeat) && called.has(repeat.id)).length;
  return heals > AT_MOST ? [...wrong, `${environment.name} was healed ${heals} times by itself`] : wrong;
}

function sameJson(one: unknown, other: unknown): boolean {
  const read: unknown = typeof one === "string" ? JSON.parse(one) : one;
  return JSON.stringify(read) === JSON.stringify(other);
}

/** Whether a merge changed anything below an environment's folder. */
export function changes(
  { objects }: Repository,
  { folder }: Environment,
  { before, oid }: { readonly before: string; readonly oid: string },
): boolean {
  const [was, is] = [before, oid].map(
    (commit) => itemAt(objects, objects.mustCommit(commit).tree, folder)?.oid,
  );
  return was !== is;
}

/** Each deployment is told once, by what it is, never after a newer one, and while no other is under way. */
function wrongCalls(environment: Environment, testBed: MultiTenantTestBed, hook: Hook): Breaches {
  const repository = repositoryOf(testBed, environment);
  const calls = [...hook.calls.values()].filter(
    (call) => call.environment === environment.name && call.repository === environment.repository,
  );
  return calls.flatMap((call, at) => {
    const deployment = repository.deployments.get(call.deploymentId);
    const what = `the call for deployment ${call.deploymentId} to ${environment.name}`;
    if (deployment?.environment !== environment.name) return [`${what} is of no deployment there`];
    const earlier = calls.slice(0, at);
    const isNew = deployment.task === "deploy";
    return [
      ...call.beside.filter((id) => !wasGivenUp(repository, id)).map((id) => `${what} came during ${id}`),
      ...(deployment.oid === call.revision ? [] : [`${what} names ${call.revision}`]),
      ...(environment.hasDeployer ? [] : [`${what} is to nobody`]),
      ...(call.bodies.size === 1 ? [] : [`${what} was repeated with another body`]),
      ...(isNew && earlier.some(({ revision }) => revision === call.revision)
        ? [`${what} came with two keys`]
        : []),
      ...(isNew || earlier.at(-1)?.revision === call.revision
        ? []
        : [`${what}, a ${deployment.task}, is of another commit than was deployed last`]),
      ...earlier
        .filter((other) => isNewer(repository, other, call))
        .map(() => `${what} came after a newer one`),
    ];
  });
}

/** Its deployer was silent for too long. */
function wasGivenUp({ deployments }: Repository, id: number): boolean {
  return deployments.get(id)?.statuses.some(({ state }) => state === "error") === true;
}

function isNewer({ objects }: Repository, one: Called, other: Called): boolean {
  return one.revision !== other.revision && isContained(objects, other.revision, one.revision);
}
