// What happens to clusters in a story: somebody changes one by hand, the deployer looks, people have it put right or left alone.

import fc from "fast-check";
import { changes } from "../always.ts";
import { freeze, thaw } from "../config.ts";
import { deployFirst, finishIn, isWatched } from "../deploy-first.ts";
import { HOOK_SECRET } from "../hook.ts";
import type { Memory, Merge } from "../memory.ts";
import { AT_MOST, ENVIRONMENTS, type Environment } from "../stage.ts";
import { rememberHeads, rest, type Step, type Story, step } from "../story.ts";
import { deploymentsIn, repositoryOf } from "../truth.ts";

const environment = fc.constantFrom(...ENVIRONMENTS.filter(({ hasDeployer }) => hasDeployer));
const people = fc.constantFrom("alice" as const, "alice" as const, "bob" as const);
const rests = fc.integer({ min: 0, max: 4 }).map((n) => n > 1);
const SCALED = { kind: "Deployment", name: "web", change: "changed", fields: ["spec.replicas"] };
const HEADERS = {
  "content-type": "application/json",
  authorization: `Basic ${Buffer.from(`hook:${HOOK_SECRET}`).toString("base64")}`,
};

const looked = fc.tuple(environment, fc.boolean(), rests).map(([place, drifted, thenRest]) =>
  step({
    name: `${place.name} is ${drifted ? "found drifted" : "found clean"}`,
    thenRest,
    needsServer: true,
    act: (story) => reportDrift(story, place, drifted ? [SCALED] : []),
  }),
);

const drifts = environment.map((place) =>
  step({
    name: `${place.name} drifts, after a deployment`,
    thenRest: true,
    needsServer: true,
    act: async (story, memory) => {
      await deployFirst(story, place, memory);
      await reportDrift(story, place, [SCALED]);
    },
  }),
);

const comesBack = environment.map((place) =>
  step({
    name: `${place.name} drifts again after each heal`,
    thenRest: true,
    needsServer: true,
    act: async (story, memory) => {
      await deployFirst(story, place, memory);
      for (let round = 0; round <= AT_MOST; round++) {
        await finishIn(story, place);
        await reportDrift(story, place, [SCALED]);
        await rest(story);
      }
    },
  }),
);

const lookedLate = environment.map((place) =>
  step({
    name: `a report on ${place.name}'s first deployment comes late`,
    thenRest: true,
    needsServer: true,
    act: async (story) => {
      const [first] = deploymentsIn(story.testBed, place);
      if (first) await report(story, { deployment: first.id, revision: first.oid }, [SCALED]);
    },
  }),
);

/** It goes on until another step ends it. Whatever is begun before it ends first. */
const freezes = environment.map((place) =>
  step({
    name: `a freeze of ${place.name} begins`,
    thenRest: true,
    needsServer: true,
    act: async (story, memory) => {
      await deployFirst(story, place, memory);
      if (!isWatched(place, memory)) return;
      freeze(story.testBed, memory, place.name);
      rememberHeads(story, memory);
      await rest(story);
      memory.frozenAt.set(place.name, idsIn(story, place));
      await reportDrift(story, place, [SCALED]);
    },
  }),
);

const thaws = fc.tuple(environment, rests).map(([place, thenRest]) =>
  step({
    name: `the freeze of ${place.name} is over`,
    thenRest,
    act: ({ testBed }, memory) => thaw(testBed, memory, place.name),
  }),
);

/** On its issue, also when that was closed by then. */
const commanded = fc
  .tuple(environment, fc.constantFrom("/heal", "/keep 4h"), people, rests)
  .map(([place, text, by, thenRest]) =>
    step({
      name: `${by} comments ${text} on the drift of ${place.name}`,
      thenRest,
      act: async (story, memory) => {
        if (!driftIssue(story, place) && memory.isUp) {
          await deployFirst(story, place, memory);
          await reportDrift(story, place, [SCALED]);
          await finishIn(story, place);
        }
        const issue = driftIssue(story, place);
        if (issue) comment(story, { place, number: issue.number, text, by }, memory);
      },
    }),
  );

/** On the merge that was deployed last. */
const redeployed = fc.tuple(environment, people, rests).map(([place, by, thenRest]) =>
  step({
    name: `${by} comments /redeploy on the newest merge of ${place.name}`,
    thenRest,
    act: async (story, memory) => {
      if (memory.isUp) await deployFirst(story, place, memory);
      const newest = newestMerge(story, place, memory);
      if (newest) comment(story, { place, number: newest.number, text: "/redeploy", by }, memory);
    },
  }),
);

/** From then on the App deploys nothing again there by itself, for as long as nobody forgets it. */
const kept = environment.map((place) =>
  step({
    name: `${place.name} drifts, and is to be left alone`,
    thenRest: true,
    needsServer: true,
    act: async (story, memory) => {
      await deployFirst(story, place, memory);
      const issue = driftIssue(story, place);
      if (!issue || !isWatched(place, memory)) return;
      const id = comment(story, { place, number: issue.number, text: "/keep 4h", by: "alice" }, memory);
      await rest(story);
      if (isDone(story, place, id)) memory.keptAt.set(place.name, idsIn(story, place));
      await reportDrift(story, place, [SCALED]);
    },
  }),
);

export const DRIFT_STEPS: readonly fc.Arbitrary<Step>[] = [
  ...[looked, looked, drifts, comesBack, lookedLate, freezes, thaws, kept],
  ...[commanded, commanded, redeployed],
];

function driftIssue({ testBed }: Story, place: Environment) {
  const issues = repositoryOf(testBed, place).issues();
  return issues.find(({ title }) => title === `Drift in ${place.name}`);
}

/** Answers the comment's id. */
function comment(
  { testBed, tick }: Story,
  about: {
    readonly place: Environment;
    readonly number: number;
    readonly text: string;
    readonly by: "alice" | "bob";
  },
  memory: Memory,
): number {
  const { place, number, text, by } = about;
  tick();
  const isAsked = !memory.isConfigGone && !memory.leftOut.environments.has(place.name);
  const id = testBed.github.as(by).comment(place.repository, number, text);
  memory.comments.push({ repository: place.repository, id, by, mayBeUnheard: !memory.isUp || !isAsked });
  return id;
}

function newestMerge({ testBed }: Story, place: Environment, { merges }: Memory): Merge | undefined {
  const repository = repositoryOf(testBed, place);
  return merges.findLast(
    (merge) =>
      merge.repository === place.repository &&
      merge.branch === place.branch &&
      changes(repository, place, merge),
  );
}

function isDone(story: Story, place: Environment, comment: number): boolean {
  const reactions = [...repositoryOf(story.testBed, place).reactions.values()];
  return reactions.some(({ subject, content }) => subject.key === comment && content === "+1");
}

function idsIn({ testBed }: Story, place: Environment): ReadonlySet<number> {
  return new Set(deploymentsIn(testBed, place).map(({ id }) => id));
}

/** The deployer asks what stands there, and reports on it. */
async function reportDrift(story: Story, place: Environment, resources: readonly object[]): Promise<void> {
  const answer = await fetch(`${story.testBed.url()}/deployers/hook/watch`, { headers: HEADERS });
  const { environments }: { readonly environments: readonly Watched[] } = JSON.parse(await answer.text());
  const target = environments.find(
    (one) => one.repository === place.repository && one.environment === place.name,
  );
  if (target) await report(story, target, resources);
}

interface Watched {
  readonly repository: string;
  readonly environment: string;
  readonly deployment: number;
  readonly revision: string;
}

async function report(
  { testBed }: Story,
  { deployment, revision }: Pick<Watched, "deployment" | "revision">,
  resources: readonly object[],
): Promise<void> {
  await fetch(`${testBed.url()}/deployments/${deployment}/drift`, {
    method: "POST",
    headers: HEADERS,
    body: JSON.stringify({ revision, resources }),
  });
}
