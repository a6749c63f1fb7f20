// What happens to clusters in a story: somebody changes one by hand, the deployer looks, people have it put right or left alone.

import fc from "fast-check";
import { HOOK_SECRET } from "./hook.ts";
import type { Memory } from "./memory.ts";
import { AT_MOST, configOf, ENVIRONMENTS, type Environment } from "./stage.ts";
import { finish, rememberHeads, rest, type Step, type Story, step } from "./story.ts";
import { isOwnHeal, repositoryOf } from "./truth.ts";

const environment = fc.constantFrom(...ENVIRONMENTS.filter(({ hasDeployer }) => hasDeployer));
const SCALED = { kind: "Deployment", name: "web", change: "changed", fields: ["spec.replicas"] };
const HEADERS = {
  "content-type": "application/json",
  authorization: `Basic ${Buffer.from(`hook:${HOOK_SECRET}`).toString("base64")}`,
};

const looked = fc.tuple(environment, fc.boolean(), fc.boolean()).map(([place, drifted, thenRest]) =>
  step({
    name: `${place.name} is ${drifted ? "found drifted" : "found clean"}`,
    thenRest,
    needsServer: true,
    act: (story) => look(story, place, drifted ? [SCALED] : []),
  }),
);

/** Of the environments that something was deployed to, so that there is something to heal. */
const comesBack = fc.nat(ENVIRONMENTS.length).map((which) =>
  step({
    name: `an environment (${which}) drifts again after each heal`,
    thenRest: true,
    needsServer: true,
    act: async (story) => {
      const deployed = ENVIRONMENTS.filter((one) => one.hasDeployer && deploymentsIn(story, one).length > 0);
      const place = deployed[which % deployed.length];
      if (!place) return;
      for (let round = 0; round <= AT_MOST; round++) {
        await finishIn(story, place);
        await look(story, place, [SCALED]);
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
      const [first] = deploymentsIn(story, place);
      if (first) await report(story, { deployment: first.id, revision: first.oid }, [SCALED]);
    },
  }),
);

/** Whatever is begun until it ends is on record as made in the freeze. */
const frozen = environment.map((place) =>
  step({
    name: `${place.name} is found drifted in a freeze`,
    thenRest: true,
    needsServer: true,
    act: async (story, memory) => {
      if (!memory.isSure || memory.leftOut.environments.has(place.name)) return;
      await finishIn(story, place);
      freeze(story, place, memory);
      rememberHeads(story, memory);
      await rest(story);
      const before = new Set(deploymentsIn(story, place).map(({ id }) => id));
      await look(story, place, [SCALED]);
      await rest(story);
      for (const { id, task } of deploymentsIn(story, place))
        if (!before.has(id) && task !== "deploy") memory.madeFrozen.add(id);
      await look(story, place, []);
      story.city.alice.push(place.repository, { branch: "main", files: configFile(place, memory) });
    },
  }),
);

const people = fc.constantFrom("alice" as const, "alice" as const, "bob" as const);
const rests = fc.integer({ min: 0, max: 4 }).map((n) => n > 1);

/** Also on an issue that was closed by then. */
const commanded = fc
  .tuple(environment, fc.constantFrom("/heal", "/keep 4h"), people, rests)
  .map(([place, text, by, thenRest]) =>
    step({
      name: `${by} comments ${text} on the drift of ${place.name}`,
      thenRest,
      act: (story, memory) => {
        comment(story, { place, text, by }, memory);
      },
    }),
  );

/** Whatever the App has deployed again by itself until then is on record as made in spite of it. */
const kept = environment.map((place) =>
  step({
    name: `${place.name} is found drifted while it is to be left alone`,
    thenRest: true,
    needsServer: true,
    act: async (story, memory) => {
      if (!memory.isSure || memory.leftOut.environments.has(place.name)) return;
      await finishIn(story, place);
      const id = comment(story, { place, text: "/keep 4h", by: "alice" }, memory);
      await rest(story);
      if (id === undefined || !isDone(story, place, id)) return;
      const before = new Set(deploymentsIn(story, place).map((one) => one.id));
      await look(story, place, [SCALED]);
      await rest(story);
      for (const one of deploymentsIn(story, place))
        if (!before.has(one.id) && isOwnHeal(one)) memory.madeKept.add(one.id);
    },
  }),
);

export const DRIFT_STEPS: readonly fc.Arbitrary<Step>[] = [
  ...[looked, looked, comesBack, comesBack, comesBack, lookedLate, frozen, kept],
  ...[commanded, commanded],
];

/** Answers the comment's id; `undefined` where there never was an issue about that drift. */
function comment(
  story: Story,
  about: { readonly place: Environment; readonly text: string; readonly by: "alice" | "bob" },
  memory: Memory,
): number | undefined {
  const { place, text, by } = about;
  const issues = repositoryOf(story.city, place).issues();
  const issue = issues.find(({ title }) => title === `Drift in ${place.name}`);
  if (!issue) return undefined;
  const isAsked = !memory.isConfigGone && !memory.leftOut.environments.has(place.name);
  const id = story.city.github.as(by).comment(place.repository, issue.number, text);
  memory.comments.push({ repository: place.repository, id, by, mayBeUnheard: !memory.isUp || !isAsked });
  return id;
}

function isDone(story: Story, place: Environment, comment: number): boolean {
  const reactions = [...repositoryOf(story.city, place).reactions.values()];
  return reactions.some(({ subject, content }) => subject.key === comment && content === "+1");
}

/** The deployer says of all that it does there that it went well. */
async function finishIn(story: Story, { name, repository }: Environment): Promise<void> {
  const here = story.hook
    .running()
    .filter((one) => one.environment === name && one.repository === repository);
  for (const call of here) await finish(story, call, "success");
  await rest(story);
}

function deploymentsIn({ city }: Story, place: Environment) {
  return [...repositoryOf(city, place).deployments.values()].filter((one) => one.environment === place.name);
}

/** The deployer asks what stands there, and reports on it. */
async function look(story: Story, place: Environment, resources: readonly object[]): Promise<void> {
  const answer = await fetch(`${story.city.url()}/deployers/hook/watch`, { headers: HEADERS });
  const { environments }: { readonly environments: readonly Watched[] } = JSON.parse(await answer.text());
  const asked = environments.find(
    (one) => one.repository === place.repository && one.environment === place.name,
  );
  if (asked) await report(story, asked, resources);
}

interface Watched {
  readonly repository: string;
  readonly environment: string;
  readonly deployment: number;
  readonly revision: string;
}

async function report(
  { city }: Story,
  { deployment, revision }: Pick<Watched, "deployment" | "revision">,
  resources: readonly object[],
): Promise<void> {
  await fetch(`${city.url()}/deployments/${deployment}/drift`, {
    method: "POST",
    headers: HEADERS,
    body: JSON.stringify({ revision, resources }),
  });
}

function freeze({ city }: Story, { name, repository }: Environment, { leftOut }: Memory): void {
  const config = configOf(repository, leftOut).replace(
    `  ${name}:\n`,
    `  ${name}:\n    freeze: [{ from: 2020-01-01T00:00:00Z, to: 2099-01-01T00:00:00Z, reason: test }]\n`,
  );
  city.alice.push(repository, { branch: "main", files: { ".github/chart-promoter.yml": config } });
}

function configFile({ repository }: Environment, { leftOut }: Memory) {
  return { ".github/chart-promoter.yml": configOf(repository, leftOut) };
}
