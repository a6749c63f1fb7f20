// What people and pipelines do in a story.

import fc from "fast-check";
import { packChart } from "../../../../src/sandbox/chartmuseum/pack-chart.ts";
import type { MergeMethod, PullRequest } from "../../../../src/sandbox/github/world/records.ts";
import { Refusal } from "../../../../src/sandbox/github/world/refusal.ts";
import type { Repository } from "../../../../src/sandbox/github/world/repositories/repository.ts";
import { openOf } from "../expected.ts";
import type { Memory } from "../memory.ts";
import {
  CHARTS,
  type Chart,
  CONFIG,
  ENVIRONMENTS,
  type Environment,
  PLACES,
  type Place,
  PRODUCTION,
  valuesFor,
  versionLine,
  versionText,
} from "../stage.ts";
import { finish, rest, type Step, type Story, step } from "../story.ts";
import { fileAt, headOf, patchOnBase, proposals, repositoryOf } from "../truth.ts";

const NEWEST = 9;
const patches = fc.integer({ min: 0, max: NEWEST });
/** Most steps are taken in peace, many right after one another. */
const rests = fc.integer({ min: 0, max: 4 }).map((n) => n > 1);
const picks = fc.nat({ max: 30 });
const charts = fc.constantFrom(...CHARTS);
const places = fc.constantFrom(...PLACES);

/** One of many, whatever their number is by then. */
function picked<T>(all: readonly T[], pick: number): T | undefined {
  return all[pick % Math.max(1, all.length)];
}

interface Found {
  readonly repository: Repository;
  readonly pull: PullRequest;
}

function pullsIn({ testBed }: Story, wanted: (found: Found) => boolean): readonly Found[] {
  return [CONFIG, PRODUCTION]
    .map((name) => testBed.github.repository(name))
    .flatMap((repository) => repository.pulls().map((pull) => ({ repository, pull })))
    .filter(wanted);
}

const isOpen = ({ pull }: Found) => pull.state === "open";
const isPromotion = ({ pull }: Found) => placeOf(pull) !== undefined;

function placeOf({ head }: PullRequest): Place | undefined {
  return PLACES.find(({ branch }) => branch === head.branch);
}

/** Announces a version, which the chart repository may have already. */
async function announce(
  { testBed }: Story,
  memory: Memory,
  { chart, patch }: { chart: Chart; patch: number },
) {
  const version = versionText(patch);
  await testBed.museum.upload(packChart({ name: chart, version })).catch(() => undefined);
  const { status, id } = await testBed.announce({ chart, version, values: valuesFor(chart, patch) });
  if (status !== 200 && status !== 202) throw new Error(`the announcement was answered with ${status}`);
  memory.knows(chart).add(patch);
  memory.announced.push({ id, chart, patch });
}

const publish = fc.tuple(charts, patches, rests).map(([chart, patch, thenRest]) =>
  step({
    name: `publish ${chart} ${versionText(patch)}`,
    needsServer: true,
    thenRest,
    act: (story, memory) => announce(story, memory, { chart, patch }),
  }),
);

/** What moves a pull request that is open on, or finds people's commits there. */
const publishNext = fc.tuple(places, rests).map(([place, thenRest]) =>
  step({
    name: `publish the next ${place.chart} for ${place.environment.name}`,
    needsServer: true,
    thenRest,
    act: async (story, memory) => {
      const { carries } = openOf(proposals(story.testBed, place)) ?? {
        carries: patchOnBase(story.testBed, place),
      };
      await announce(story, memory, { chart: place.chart, patch: carries + 1 });
    },
  }),
);

const merge = fc
  .tuple(picks, fc.constantFrom("merge" as const, "squash" as const, "rebase" as const), rests)
  .map(([pick, method, thenRest]) =>
    step({
      name: `merge open #${pick} by ${method}`,
      thenRest,
      act: (story, memory) => {
        const found = picked(pullsIn(story, isOpen), pick);
        if (found) press({ ...found, method }, story, memory);
      },
    }),
  );

/** Presses the merge button, if GitHub lets it be pressed. */
export function press(
  { repository, pull, method }: Found & { readonly method: MergeMethod },
  { testBed, tick }: Story,
  memory: Memory,
): void {
  tick();
  const { number, base } = pull;
  const before = repository.branch(base.branch) ?? "";
  const oid = unlessRefused(() => testBed.alice.merge(repository.fullName, number, { method }));
  if (oid === undefined) return;
  memory.merges.push({
    repository: repository.fullName,
    number,
    branch: base.branch,
    before,
    oid,
    // While the config leaves the environment out, its merges are nobody's business. Since when a config is wrong, the server
    // notes by its clock, which is ahead of GitHub's here; without a database nothing else says that it was there before.
    isHistory:
      memory.leavesOut(repository.fullName, base.branch) || (memory.isConfigGone && memory.isDiskLost),
  });
  const place = placeOf(pull);
  if (place) memory.letGoOf(place);
  hearing(memory);
}

/** GitHub refuses what conflicts, and then nothing happened. */
function unlessRefused<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** While the server is away nobody tells it what happens. */
function hearing(memory: Memory): void {
  if (!memory.isUp) memory.isTold = false;
}

/** GitHub calls it merged, but it was pushed: nobody reviewed that it goes there. */
const pushPullRequest = fc.tuple(picks, rests).map(([pick, thenRest]) =>
  step({
    name: `push the commits of open #${pick} to its base`,
    thenRest,
    act: (story, memory) => {
      const { testBed } = story;
      const found = picked(pullsIn(story, isOpen), pick);
      if (!found) return;
      const { fullName: repository } = found.repository;
      const { head, base } = found.pull;
      const before = found.repository.branch(base.branch) ?? "";
      const isPushed = unlessRefused(() => {
        testBed.alice.pushCommit(repository, { branch: base.branch, to: head.oid });
        return true;
      });
      if (!isPushed) return;
      const mayBeUnheard = !memory.isSure || memory.leavesOut(repository, base.branch);
      memory.pushes.push({ repository, branch: base.branch, before, oid: head.oid, mayBeUnheard });
      const place = placeOf(found.pull);
      if (place) memory.letGoOf(place);
      hearing(memory);
    },
  }),
);

const close = fc.tuple(picks, rests).map(([pick, thenRest]) =>
  step({
    name: `close open #${pick}`,
    thenRest,
    act: (story, memory) => {
      const found = picked(pullsIn(story, isOpen), pick);
      if (found) story.testBed.alice.close(found.repository.fullName, found.pull.number);
      hearing(memory);
    },
  }),
);

const reopen = fc.tuple(picks, rests).map(([pick, thenRest]) =>
  step({
    name: `reopen closed #${pick}`,
    thenRest,
    act: (story, memory) => {
      const closed = pullsIn(story, ({ pull }) => pull.state === "closed" && !pull.merge);
      const found = picked(
        closed.filter(({ repository, pull }) => repository.branch(pull.head.branch) === pull.head.oid),
        pick,
      );
      if (found)
        unlessRefused(() => story.testBed.alice.reopen(found.repository.fullName, found.pull.number));
      hearing(memory);
    },
  }),
);

const ON_MERGED: ReadonlySet<string> = new Set(["/rollback", "/redeploy"]);
const COMMANDS = [
  "/hold",
  "/unhold",
  "/rebase",
  "/reject",
  "/rollback",
  "/redeploy",
  "/promote",
  "/help",
] as const;

const command = fc
  .tuple(
    picks,
    fc.constantFrom(...COMMANDS),
    fc.constantFrom("alice" as const, "alice" as const, "bob" as const),
  )
  .chain(([pick, word, by]) =>
    fc.tuple(patches, rests).map(([patch, thenRest]) => {
      const text = word === "/promote" ? `${word} ${versionText(patch)}` : word;
      return step({
        name: `${by} comments ${text} on promotion #${pick}`,
        thenRest,
        act: (story, memory) => {
          const wanted = ON_MERGED.has(word) ? ({ pull }: Found) => pull.merge !== undefined : isOpen;
          const found = picked(
            pullsIn(story, (one) => isPromotion(one) && (wanted(one) || pick % 5 === 0)),
            pick,
          );
          if (found) comment({ ...found, text, by, patch }, story, memory);
        },
      });
    }),
  );

function comment(
  about: Found & { readonly text: string; readonly by: "alice" | "bob"; readonly patch: number },
  { testBed, tick }: Story,
  memory: Memory,
): void {
  const { repository, pull, text, by, patch } = about;
  // Whether a push of the same second came before it is not to be told where webhooks come in another order.
  tick();
  const id = testBed.github.as(by).comment(repository.fullName, pull.number, text);
  const place = placeOf(pull);
  const isAsked = !memory.isConfigGone && place !== undefined && memory.asksFor(place);
  const mayBeUnheard = !memory.isUp || !isAsked;
  memory.comments.push({ repository: repository.fullName, id, by, mayBeUnheard });
  if (!place || by === "bob") return;
  if (text === "/rebase") memory.letGoOf(place);
  const isThere = testBed.museum.packages.has(`${place.chart}-${versionText(patch)}.tgz`);
  if (text.startsWith("/promote") && isThere && !mayBeUnheard) memory.insist(place, patch);
}

const pushToBase = fc
  .tuple(
    fc.constantFrom(...ENVIRONMENTS),
    fc.constantFrom("beside", "inside", "version" as const),
    charts,
    patches,
    rests,
  )
  .map(([environment, what, chart, patch, thenRest]) =>
    step({
      name: `push to ${environment.name}: ${what}${what === "version" ? ` ${chart} ${versionText(patch)}` : ""}`,
      thenRest,
      act: (story, memory) => {
        const repository = repositoryOf(story.testBed, environment);
        const before = repository.branch(environment.branch) ?? "";
        const files = changeOf(story, { environment, what, chart, patch });
        const oid = story.testBed.alice.push(environment.repository, { branch: environment.branch, files });
        const mayBeUnheard = !memory.isSure || memory.leavesOut(environment.repository, environment.branch);
        memory.pushes.push({
          repository: environment.repository,
          branch: environment.branch,
          before,
          oid,
          mayBeUnheard,
        });
        hearing(memory);
      },
    }),
  );

let changesMade = 0;

function changeOf(
  { testBed }: Story,
  about: { environment: Environment; what: string; chart: Chart; patch: number },
): Record<string, string> {
  const { environment, what, chart, patch } = about;
  changesMade++;
  if (what === "beside") return { "docs/notes.md": `${changesMade}\n` };
  const path = environment.folder + environment.manifest;
  const text = fileAt(repositoryOf(testBed, environment), headOf(testBed, { environment }), path);
  return what === "inside"
    ? { [path]: text.replace(/edited \d+ times/, `edited ${changesMade} times`) }
    : { [path]: text.replace(versionLine(chart), `$1${versionText(patch)}`) };
}

const commitOnPromotion = fc.tuple(picks, rests).map(([pick, thenRest]) =>
  step({
    name: `a person commits on open promotion #${pick}`,
    thenRest,
    act: (story, memory) => {
      const found = picked(
        pullsIn(story, (one) => isPromotion(one) && isOpen(one)),
        pick,
      );
      const place = found && placeOf(found.pull);
      if (!found || !place) return;
      story.tick();
      const files = { [`${place.environment.folder}notes-${place.chart}.md`]: `${++changesMade}\n` };
      const oid = story.testBed.alice.push(found.repository.fullName, { branch: place.branch, files });
      memory.peoplesCommits.push({ place, oid });
      hearing(memory);
    },
  }),
);

const deleteBranch = fc.tuple(places, rests).map(([place, thenRest]) =>
  step({
    name: `delete ${place.branch}`,
    thenRest,
    act: (story, memory) => {
      const repository = repositoryOf(story.testBed, place.environment);
      if (repository.branch(place.branch) === undefined) return;
      story.testBed.alice.deleteBranch(repository.fullName, place.branch);
      memory.letGoOf(place);
      hearing(memory);
    },
  }),
);

const WHERE = ["dev", "dev and staging", "docs", "lab", "production"] as const;
const FOLDERS = {
  dev: ["dev/"],
  "dev and staging": ["dev/", "staging/"],
  docs: ["docs/"],
  lab: [""],
  production: ["prod/"],
};

/** A change of people's own, in review like any other. */
const propose = fc.tuple(fc.constantFrom(...WHERE), rests).map(([where, thenRest]) =>
  step({
    name: `a person proposes a change of ${where}`,
    thenRest,
    act: (story, memory) => {
      const repository = where === "production" ? PRODUCTION : CONFIG;
      const branch = where === "lab" ? "lab" : "main";
      openChange({ repository, branch, folders: FOLDERS[where] }, story, memory);
    },
  }),
);

/** A new file in each of the folders; answers the pull request. */
export function openChange(
  about: Pick<Environment, "repository" | "branch"> & { readonly folders: readonly string[] },
  { testBed }: Pick<Story, "testBed">,
  memory: Memory,
): Found {
  const { repository: name, branch: base, folders } = about;
  const branch = `change-${++changesMade}`;
  const files = Object.fromEntries(folders.map((folder) => [`${folder}${branch}.md`, "changed\n"]));
  testBed.alice.push(name, { branch, on: base, files });
  const number = testBed.alice.openPullRequest(name, { head: branch, base, title: branch });
  hearing(memory);
  const repository = testBed.github.repository(name);
  return { repository, pull: repository.mustPull(number) };
}

const endDeployment = fc
  .tuple(fc.constantFrom("success" as const, "success" as const, "failure" as const), rests)
  .map(([state, thenRest]) =>
    step({
      name: `the deployer ends with ${state}`,
      needsServer: true,
      thenRest,
      act: async (story) => {
        const [call] = story.hook.running();
        if (call) await finish(story, call, state);
      },
    }),
  );

/** What reviewers and deployers wish for; so that stories come to the environments at the end of the row. */
const allGoesWell = fc.constant(
  step({
    name: "everything open is merged and deployed",
    needsServer: true,
    thenRest: true,
    act: async (story, memory) => {
      for (const found of pullsIn(story, isOpen)) press({ ...found, method: "merge" }, story, memory);
      await rest(story);
      for (const call of story.hook.running()) await finish(story, call, "success");
    },
  }),
);

const RARELY = [
  commitOnPromotion,
  close,
  reopen,
  pushToBase,
  pushPullRequest,
  commitOnPromotion,
  deleteBranch,
  propose,
];
const OFTEN = [command, endDeployment, allGoesWell];
const MOST = [publish, publishNext, merge];

/** More often what makes a story go on. */
export const PEOPLES_STEPS: readonly fc.Arbitrary<Step>[] = [RARELY, OFTEN, OFTEN, MOST, MOST, MOST].flat();
