// One story: the world it plays in, how a step is taken, and how it comes to its end.

import { availableParallelism, getPriority, loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { AsyncCommand } from "fast-check";
import { startMultiTenantTestBed } from "../multi-tenant-test-bed.ts";
import { breachesAlways, type World } from "./always.ts";
import { breachesAtRest } from "./at-rest.ts";
import { giveConfigBack, thaw } from "./config.ts";
import { noteHeldRepeats } from "./held-repeats.ts";
import { HOOK_SECRET, type Hook, startHook } from "./hook.ts";
import type { Memory } from "./memory.ts";
import { CHARTS, CONFIG, ENVIRONMENTS, filesOn, PRODUCTION } from "./stage.ts";

const ACCOUNT = "acme";

export interface Story extends World {
  /** Sets the server's clock forward. */
  readonly pass: (ms: number) => void;
  /** A second passes, by every clock: GitHub's counts seconds. */
  readonly tick: () => void;
  readonly stop: () => Promise<void>;
}

export type Step = AsyncCommand<Memory, Story>;

/** On an idle machine: a step that has GitHub say nothing takes as long. */
const GITHUB_ANSWERS_MS = 600;

/** How many times longer everything takes than on an idle machine: by what else runs, and by how little it is let run beside. */
function slowness(): number {
  const [load = 0] = loadavg();
  const niceness = Math.max(0, getPriority());
  return Math.min(MOST_SLOWNESS, Math.max(1, load / availableParallelism()) * SHARE ** niceness);
}

/** Linux gives a process so much more time than another whose niceness is one higher (sched(7)). */
const SHARE = 1.25;
const MOST_SLOWNESS = 30;

export async function beginStory(): Promise<Story> {
  const hook = await startHook();
  let seconds = 0;
  let ahead = 0;
  const testBed = await startMultiTenantTestBed({
    accounts: [ACCOUNT],
    charts: CHARTS,
    files: filesOn(CONFIG, "main"),
    deployers: [{ kind: "webhook", name: "hook", url: hook.url, secret: HOOK_SECRET, repositories: ["*/*"] }],
    gitHubClock: () => new Date(Date.now() + 1000 * seconds),
    timing: {
      clock: () => new Date(Date.now() + 1000 * seconds + ahead),
      gitHubTimeoutMs: Math.round(GITHUB_ANSWERS_MS * slowness()),
    },
  });
  testBed.alice.push(CONFIG, { branch: "lab", on: "main", files: filesOn(CONFIG, "lab") });
  const people = { alice: "write", bob: "read" } as const;
  testBed.github.createRepository({ name: PRODUCTION, files: filesOn(PRODUCTION, "main"), people });
  const story: Story = {
    testBed,
    hook,
    pass: (ms) => {
      ahead += ms;
    },
    tick: () => {
      seconds++;
    },
    stop: async () => {
      await testBed.stop();
      await hook.close();
    },
  };
  await testBed.start();
  await rest(story);
  // From then on the sweep looks only where something changed.
  await hour(story);
  await hour(story);
  return story;
}

const HOUR_MS = 61 * 60_000;

/** The sweep has been, and what came of it. */
async function hour(story: Story): Promise<void> {
  story.pass(HOUR_MS);
  await story.testBed.wake();
  await rest(story);
}

/** Longer than an answer of GitHub may lag, which is what the server waits for longest by itself. */
const WAITS_MS = 33_000;
const JUMPS = 3;
const AT_MOST = 20;

/** Everything that is due has been done, and so has everything that was only waiting for a while. */
export async function rest(story: Story): Promise<void> {
  await quiet(story);
  for (let [jump, idle] = [0, 0]; idle < JUMPS && jump < AT_MOST; jump++) {
    const before = requestsIn(story);
    story.pass(WAITS_MS / JUMPS);
    await story.testBed.wake();
    await quiet(story);
    idle = requestsIn(story) === before ? idle + 1 : 0;
  }
}

function requestsIn({ testBed, hook }: Story): number {
  return testBed.github.requests.all.length + hook.requests.length;
}

const IN_VAIN_MS = 60_000;

async function quiet({ testBed }: Story): Promise<void> {
  const end = Date.now() + IN_VAIN_MS * slowness();
  for (let calm = 0; calm < 2; ) {
    await testBed.github.webhooks.idle();
    const { due, running } = await testBed.depth();
    calm = due + running === 0 ? calm + 1 : 0;
    await sleep(2);
    if (Date.now() > end) throw new Error("the server does not come to rest");
  }
}

export interface Action {
  readonly name: string;
  /** Whether everything comes to rest afterwards, before anything else happens. */
  readonly thenRest: boolean;
  /** Whether the server has to be up for it; default not. */
  readonly needsServer?: boolean;
  readonly act: (story: Story, memory: Memory) => Promise<void> | void;
}

/** Does it, and looks whether everything holds that must hold then. */
export function step({ name, thenRest, needsServer, act }: Action): Step {
  return {
    check: ({ isUp }) => isUp || needsServer !== true,
    toString: () => (thenRest ? `${name}; rest` : name),
    run: async (memory, story) => {
      rememberHeads(story, memory);
      noteHeldRepeats(story, memory);
      await act(story, memory);
      rememberHeads(story, memory);
      if (thenRest) await rest(story);
      noteHeldRepeats(story, memory);
      const breaches = [...breachesAlways(story, memory)];
      if (thenRest && memory.isSure) breaches.push(...(await breachesAtRest(story, memory)));
      failOn(breaches, name);
    },
  };
}

/** After each push that others may build on. */
export function rememberHeads({ testBed }: Story, { heads }: Memory): void {
  for (const { repository, branch } of ENVIRONMENTS) {
    const key = `${repository} ${branch}`;
    const known = heads.get(key) ?? [];
    const now = testBed.github.repository(repository).branch(branch);
    if (now !== undefined && known.at(-1) !== now) heads.set(key, [...known, now]);
  }
}

function failOn(breaches: readonly string[], when: string): void {
  if (breaches.length > 0) throw new Error(`after "${when}":\n${[...new Set(breaches)].join("\n")}`);
}

/**
 * Trouble ends, the server is there, and its sweep finds what it was not told: now all must be well, and so it must when everything
 * is looked at, and when deployers have finished what they have.
 */
export async function concludeStory(story: Story, memory: Memory): Promise<void> {
  const { testBed, hook } = story;
  endTrouble(story, memory);
  if (!memory.isUp) await testBed.start();
  memory.isUp = true;
  noteHeldRepeats(story, memory);
  giveConfigBack(testBed, memory);
  for (const { name } of ENVIRONMENTS) thaw(testBed, memory, name);
  rememberHeads(story, memory);
  await rest(story);
  memory.keptAt.clear();
  await hour(story);
  memory.isTold = true;
  failOn([...breachesAlways(story, memory), ...(await breachesAtRest(story, memory))], "the sweep");
  await testBed.sync();
  await rest(story);
  failOn([...breachesAlways(story, memory), ...(await breachesAtRest(story, memory))], "sync");
  while (hook.running().length > 0) {
    for (const call of hook.running()) await finishLast(story, call);
    await rest(story);
  }
  failOn([...breachesAlways(story, memory), ...(await breachesAtRest(story, memory))], "the last deployment");
}

async function finishLast(story: Story, call: Call): Promise<void> {
  const status = await finish(story, call, "success");
  if (status === 409 && isSuperseded(story, call)) call.ended = "success";
  else if (status !== 204)
    throw new Error(`${call.key} cannot be reported to have ended: ${status} is answered`);
}

/** Called before the database was lost; now a later deployment has taken its place. */
function isSuperseded({ testBed }: Story, { isForgotten, repository, deploymentId }: Call): boolean {
  const deployment = testBed.github.repository(repository).deployments.get(deploymentId);
  return isForgotten === true && deployment?.statuses.at(-1)?.state === "inactive";
}

type Call = ReturnType<Hook["running"]>[number];

export function endTrouble({ testBed, hook }: Story, memory: Memory): void {
  testBed.github.webhooks.clearTrouble();
  testBed.github.webhooks.resume();
  testBed.github.faults.clear();
  hook.faults.clear();
  memory.isHeldBack = false;
}

/** The deployer says how it went; answers the status. */
export async function finish({ testBed }: Story, call: Call, state: "success" | "failure"): Promise<number> {
  const answer = await fetch(`${testBed.url()}/deployments/${call.deploymentId}/status`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Basic ${Buffer.from(`hook:${HOOK_SECRET}`).toString("base64")}`,
    },
    body: JSON.stringify({ state, description: `ended with ${state}` }),
  });
  if (answer.status === 204) call.ended = state;
  return answer.status;
}
