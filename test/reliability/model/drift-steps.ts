// What happens to clusters in a story: somebody changes one by hand, the deployer looks, people have it put right.

import fc from "fast-check";
import { HOOK_SECRET } from "./hook.ts";
import type { Memory } from "./memory.ts";
import { AT_MOST, configOf, ENVIRONMENTS, type Environment } from "./stage.ts";
import { finish, rememberHeads, rest, type Step, type Story, step } from "./story.ts";
import { repositoryOf } from "./truth.ts";

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

export const DRIFT_STEPS: readonly fc.Arbitrary<Step>[] = [looked, comesBack, lookedLate, frozen];

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
