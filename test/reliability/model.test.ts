// Whatever people, pipelines and the network do in whatever order: what must always hold, holds after every step.
//
// Each run has an account and a chart of its own on one server, so that runs cannot help each other.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Refusal } from "../../src/sandbox/github/world/refusal.ts";
import { packChart } from "../../src/sandbox/museum/pack-chart.ts";
import { MUSEUM_URL } from "../../src/sandbox/town.ts";
import { compareVersions, parseVersion } from "../../src/versions/version.ts";
import { type City, foundCity } from "./city.ts";

const RUNS = 25;
const STEPS = 15;
const SEED = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
const REQUIREMENTS = "dev/requirements.yaml";
const BRANCH = "promote/dev/";

let city: City;
let used = 0;

beforeAll(async () => {
  const accounts = Array.from({ length: RUNS }, (_, n) => `run-${n}`);
  city = await foundCity({ accounts, charts: accounts.map((name) => `${name}-chart`) });
  for (const account of accounts) {
    const files = { [REQUIREMENTS]: requirements(`${account}-chart`, "1.0.0", 0) };
    city.alice.push(`${account}/config`, { branch: "main", files });
  }
  await city.start();
  await city.settle();
}, 30_000);

afterAll(() => city.stop());

function requirements(chart: string, version: string, edits: number): string {
  return `# edited ${edits} times\ndependencies:\n  - name: ${chart}\n    version: ${version}\n    repository: ${MUSEUM_URL}\n`;
}

/** What is remembered of a run beside the truth on GitHub. */
interface Model {
  edits: number;
  /** The newest version that the base branch ever had. */
  highest: string;
  /** Ids of publishes that were answered with 202. */
  readonly accepted: string[];
}

interface Real {
  readonly account: string;
  readonly chart: string;
}

type Step = fc.AsyncCommand<Model, Real>;

function pulls(account: string) {
  return city.repository(account).pulls();
}

function openPull(account: string) {
  return pulls(account).find(({ state }) => state === "open");
}

function versionOnBase({ account }: Real): string {
  return /version: (\S+)/.exec(city.textOn(account, "main", REQUIREMENTS) ?? "")?.[1] ?? "";
}

/** A step that acts, lets everything come to rest, and looks whether all still holds. */
function step(name: string, act: (real: Real, model: Model) => Promise<void> | void): Step {
  return {
    check: () => true,
    toString: () => name,
    run: async (model, real) => {
      await act(real, model);
      const base = city.repository(real.account).branch("main");
      await city.settle();
      expect(city.repository(real.account).branch("main")).toBe(base);
      await holds(model, real);
    },
  };
}

async function holds(model: Model, real: Real): Promise<void> {
  const repository = city.repository(real.account);
  const open = pulls(real.account).filter(({ state }) => state === "open");
  expect(open.map(({ head }) => head.branch)).toEqual(open.length === 0 ? [] : [`${BRANCH}${real.chart}`]);
  const now = versionOnBase(real);
  const [after, before] = [parseVersion(now), parseVersion(model.highest)];
  if (!after || !before) throw new Error(`no version: ${now}`);
  expect(compareVersions(after, before)).toBeGreaterThanOrEqual(0);
  model.highest = now;
  for (const id of model.accepted) {
    const { state, promotions } = await city.publishState(id);
    expect([state, promotions.length]).toEqual(["verified", 1]);
  }
  const deployed = [...repository.deployments.values()].map(
    ({ environment, oid }) => `${environment} ${oid}`,
  );
  expect(new Set(deployed).size).toBe(deployed.length);
  const merged = new Set(pulls(real.account).map(({ merge }) => `dev ${merge?.oid}`));
  expect(deployed.filter((one) => !merged.has(one))).toEqual([]);
  expect(city.github.requests.merges).toEqual([]);
}

const publish = (patch: number) =>
  step(`publish 1.0.${patch}`, async ({ chart }, model) => {
    await city.museum.upload(packChart({ name: chart, version: `1.0.${patch}` })).catch(() => undefined);
    const { status, id } = await city.announce({ chart, version: `1.0.${patch}` });
    expect([200, 202]).toContain(status);
    model.accepted.push(id);
  });

const merge = (method: "merge" | "squash" | "rebase") =>
  step(`merge by ${method}`, ({ account }) => {
    const pull = openPull(account);
    try {
      if (pull) city.alice.merge(`${account}/config`, pull.number, { method });
    } catch (error) {
      // GitHub refuses to merge what conflicts, and so nothing happens.
      if (!(error instanceof Refusal)) throw error;
    }
  });

const close = step("close", ({ account }) => {
  const pull = openPull(account);
  if (pull) city.alice.close(`${account}/config`, pull.number);
});

const reopen = step("reopen", ({ account }) => {
  const last = pulls(account).at(-1);
  const branch = last && city.repository(account).branch(last.head.branch);
  if (last?.state === "closed" && !last.merge && branch === last.head.oid)
    city.alice.reopen(`${account}/config`, last.number);
});

const editBase = step("edit the base", (real, model) => {
  model.edits++;
  const files = { [REQUIREMENTS]: requirements(real.chart, versionOnBase(real), model.edits) };
  city.alice.push(`${real.account}/config`, { branch: "main", files });
});

const commitOnBranch = step("commit on the branch", ({ account, chart }) => {
  const pull = openPull(account);
  const files = { "dev/notes.md": `${pull?.number}\n` };
  if (pull) city.alice.push(`${account}/config`, { branch: `${BRANCH}${chart}`, files });
});

const comment = step("comment", ({ account }) => {
  const pull = openPull(account);
  if (pull) city.alice.comment(`${account}/config`, pull.number, "Looks good.");
});

const redeliver = step("redeliver everything", ({ account }) => {
  for (const { id, repository } of city.github.webhooks.deliveries)
    if (repository === `${account}/config`) city.github.webhooks.redeliver(id);
});

const lose = step("lose the next webhooks", ({ account }) => {
  city.github.webhooks.trouble(({ repository }) => repository === `${account}/config`, { kind: "drop" }, 3);
});

const restart = step("restart", async () => {
  city.github.webhooks.clearTrouble();
  await city.stopServer();
  await city.start();
});

const steps = [
  fc.integer({ min: 0, max: 9 }).map(publish),
  fc.integer({ min: 0, max: 9 }).map(publish),
  fc.constantFrom("merge", "squash", "rebase").map(merge),
  ...[close, reopen, editBase, commitOnBranch, comment, redeliver, lose, restart].map((one) =>
    fc.constant(one),
  ),
];

test("random interleavings keep what must always hold", async () => {
  process.stdout.write(
    `Model-based test: seed ${SEED} (SEED=… repeats it), ${RUNS} runs of up to ${STEPS} steps.\n`,
  );
  const property = fc.asyncProperty(fc.commands(steps, { maxCommands: STEPS }), async (commands) => {
    const account = `run-${used++}`;
    const setup = () => ({
      model: { edits: 0, highest: "1.0.0", accepted: [] },
      real: { account, chart: `${account}-chart` },
    });
    await fc.asyncModelRun(setup, commands);
  });
  await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: true });
}, 120_000);
