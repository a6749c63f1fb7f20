// What must hold once the server has come to rest, knowing all that happened. Each answers what is wrong.

import type { MultiTenantTestBed } from "../multi-tenant-test-bed.ts";
import { changes, type World } from "./always.ts";
import { expectedProposal, openOf, type Situation } from "./expected.ts";
import { falseSentences } from "./false-sentences.ts";
import type { Hook } from "./hook.ts";
import { wrongIssues } from "./issues.ts";
import type { Memory } from "./memory.ts";
import {
  CONFIG,
  ENVIRONMENTS,
  type Environment,
  nameOf,
  PLACES,
  type Place,
  PRODUCTION,
  TAG_LINE,
  versionLine,
  versionText,
} from "./stage.ts";
import {
  broughtOut,
  deploymentsTo,
  fileAt,
  headOf,
  leftover,
  patchOnBase,
  proposals,
  repositoryOf,
} from "./truth.ts";

type Breaches = readonly string[];

export async function breachesAtRest({ testBed, hook }: World, memory: Memory): Promise<Breaches> {
  return [
    ...PLACES.flatMap((place) => wrongProposal(place, testBed, memory)),
    ...PLACES.flatMap((place) => behindItsBase(place, testBed, memory)),
    ...ENVIRONMENTS.flatMap((environment) => missingDeployments(environment, testBed, memory)),
    ...ENVIRONMENTS.filter(({ name }) => !memory.everLeftOut.has(name)).flatMap((environment) =>
      untoldDeployments(environment, testBed, { hook, isFrozen: memory.frozen.has(environment.name) }),
    ),
    ...falseSentences(testBed, memory),
    ...[CONFIG, PRODUCTION].flatMap((repository) => wrongIssues(repository, testBed, memory)),
    ...[CONFIG, PRODUCTION].flatMap((repository) => leftStages(repository, testBed)),
    ...unanswered(testBed, memory),
    ...(await lostPublishes(testBed, memory)),
  ];
}

/** The pull request that is open is the one that the model expects, and names the version it expects. */
function wrongProposal(place: Place, testBed: MultiTenantTestBed, memory: Memory): Breaches {
  const situation = situationOf(place, testBed, memory);
  const expected = memory.asksFor(place) ? expectedProposal(situation) : undefined;
  const open = openOf(situation.proposals);
  if (open?.carries === expected) return [];
  const says = (patch: number | undefined) => (patch === undefined ? "nothing" : versionText(patch));
  return [
    `${nameOf(place)}: ${says(open?.carries)} is open, expected ${says(expected)} of ${JSON.stringify(situation, (_key, value: unknown) => (value instanceof Set ? [...value] : value))}`,
  ];
}

function situationOf(place: Place, testBed: MultiTenantTestBed, memory: Memory): Situation {
  const { environment, chart } = place;
  const before = PLACES.find((one) => one.environment.name === environment.after && one.chart === chart);
  return {
    base: patchOnBase(testBed, place),
    known: memory.knows(chart),
    proposals: proposals(testBed, place),
    leftover: leftover(testBed, place),
    ...(before && {
      upstream: {
        out: broughtOut(testBed, before),
        base: patchOnBase(testBed, before),
        proposals: proposals(testBed, before),
      },
    }),
  };
}

/** An open promotion holds the base's files as they are now, but for what it moves. */
function behindItsBase(place: Place, testBed: MultiTenantTestBed, memory: Memory): Breaches {
  const open = openOf(proposals(testBed, place));
  if (!open || open.hasPeoplesCommits || open.isRollback || !memory.knows(place.chart).has(open.carries))
    return [];
  const { environment, chart } = place;
  const repository = repositoryOf(testBed, environment);
  const textsIn = (path: string): readonly string[] =>
    [headOf(testBed, place), open.head].map((oid) => fileAt(repository, oid, environment.folder + path));
  const [base, head] = textsIn(environment.manifest);
  const version = versionText(open.carries);
  const wrong: string[] =
    base?.replace(versionLine(chart), `$1${version}`) === head ? [] : [environment.manifest];
  const [values, promoted] = textsIn("app.yaml");
  const isAnnounced = memory.announced.some((one) => one.chart === chart && one.patch === open.carries);
  const wanted = chart === "app" && isAnnounced ? values?.replace(TAG_LINE, `$1v${version}`) : promoted;
  if (wanted !== promoted) wrong.push("app.yaml");
  return wrong.map((path) => `#${open.number} (${nameOf(place)}) does not hold ${path} as it is on the base`);
}

function missingDeployments(environment: Environment, testBed: MultiTenantTestBed, memory: Memory): Breaches {
  const repository = repositoryOf(testBed, environment);
  const deployed = new Set(deploymentsTo(testBed, environment).map(({ oid }) => oid));
  return memory.merges
    .filter(
      (merge) =>
        merge.repository === environment.repository &&
        merge.branch === environment.branch &&
        !merge.isHistory &&
        changes(repository, environment, merge) &&
        !deployed.has(merge.oid),
    )
    .map(
      ({ number, oid }) =>
        `#${number}, merged as ${oid.slice(0, 7)}, was not deployed to ${environment.name}`,
    );
}

/** Unless a deployer is at work or a freeze holds it, it was told of the newest deployment; and GitHub shows what it said. */
function untoldDeployments(
  environment: Environment,
  testBed: MultiTenantTestBed,
  { hook, isFrozen }: { readonly hook: Hook; readonly isFrozen: boolean },
): Breaches {
  if (!environment.hasDeployer) return [];
  const all = deploymentsTo(testBed, environment);
  const calls = [...hook.calls.values()].filter(({ deploymentId }) =>
    all.some(({ id }) => id === deploymentId),
  );
  const wrong = calls.flatMap(({ deploymentId, ended }) => {
    const states = all.find(({ id }) => id === deploymentId)?.statuses.map(({ state }) => state);
    return ended === undefined || states?.includes(ended)
      ? []
      : [`deployment ${deploymentId} ended with ${ended}, and GitHub shows ${states?.join()}`];
  });
  const newest = all.at(-1);
  const isTold = !newest || calls.some(({ deploymentId }) => deploymentId === newest.id);
  // A repeat is waited for like any other.
  const isBusy = hook
    .running()
    .some((call) => call.repository === environment.repository && call.environment === environment.name);
  return isTold || isBusy || isFrozen
    ? wrong
    : [...wrong, `nobody was told of deployment ${newest.id} to ${environment.name}`];
}

function leftStages(name: string, testBed: MultiTenantTestBed): Breaches {
  const refs = [...testBed.github.repository(name).refs.keys()];
  return refs.filter((ref) => ref.includes("promote-stage/")).map((ref) => `${ref} was left in ${name}`);
}

function unanswered(testBed: MultiTenantTestBed, memory: Memory): Breaches {
  return memory.comments.flatMap(({ repository, id, by, mayBeUnheard }) => {
    const reactions = [...testBed.github.repository(repository).reactions.values()].filter(
      ({ subject }) => subject.kind === "comment" && subject.key === id,
    );
    const contents = reactions.map(({ content }) => content);
    const allowed = by === "bob" ? ["-1"] : ["+1", "confused"];
    if (contents.length === 0 && mayBeUnheard) return [];
    return contents.length === 1 && allowed.includes(contents[0] ?? "")
      ? []
      : [`the command ${id} of ${by} in ${repository} was answered by [${contents.join()}]`];
  });
}

/** Each announcement is told what became of it in every environment. */
async function lostPublishes(testBed: MultiTenantTestBed, memory: Memory): Promise<Breaches> {
  const breaches: string[] = [];
  for (const { id, chart, patch } of new Map(memory.announced.map((one) => [one.id, one])).values()) {
    const { state, promotions } = await testBed.publishState(id);
    const names = promotions.map(({ environment }) => environment).toSorted();
    const places = PLACES.filter((place) => place.chart === chart && !wasLeftOut(place, memory));
    const missing = places.filter(({ environment }) => !names.includes(environment.name));
    if (state !== "verified" || missing.length > 0)
      breaches.push(`${chart} ${versionText(patch)} is ${state} and answered in [${names.join()}]`);
  }
  return breaches;
}

function wasLeftOut({ environment, chart }: Place, { everLeftOut }: Memory): boolean {
  return everLeftOut.has(environment.name) || everLeftOut.has(`${environment.name} ${chart}`);
}
