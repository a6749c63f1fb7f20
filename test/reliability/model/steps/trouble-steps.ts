// What goes wrong in a story: webhooks, GitHub, the deployer, the server and its disk.

import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import type { Fault } from "../../../../src/sandbox/github/http/faults.ts";
import type { MultiTenantTestBed } from "../../multi-tenant-test-bed.ts";
import type { Memory } from "../memory.ts";
import { ENVIRONMENTS } from "../stage.ts";
import { endTrouble, rest, type Step, type Story, step } from "../story.ts";
import { deploymentsTo } from "../truth.ts";

const few = fc.integer({ min: 1, max: 4 });

const redeliver = few.map((every) =>
  step({
    name: `redeliver every ${every}. webhook`,
    thenRest: true,
    needsServer: true,
    act: ({ testBed: { github } }) => {
      for (const [at, { id }] of github.webhooks.deliveries.entries())
        if (at % every === 0) github.webhooks.redeliver(id);
    },
  }),
);

const duplicate = few.map((times) =>
  step({
    name: `${times} webhooks arrive twice`,
    thenRest: false,
    act: ({ testBed }) => testBed.github.webhooks.trouble(() => true, { kind: "duplicate" }, times),
  }),
);

const holdBack = fc.tuple(few, few).map(([times, after]) =>
  step({
    name: `${times} webhooks arrive ${after} too late`,
    thenRest: false,
    act: ({ testBed }, memory) => {
      testBed.github.webhooks.trouble(() => true, { kind: "hold-back", laterDeliveries: after }, times);
      memory.isHeldBack = true;
    },
  }),
);

const pause = fc.constant(
  step({
    name: "webhooks wait",
    thenRest: false,
    act: ({ testBed }, memory) => {
      testBed.github.webhooks.pause();
      memory.isHeldBack = true;
    },
  }),
);

/** Commands are left out: what nobody tells of them is lost for good, on GitHub as well. */
const drop = few.map((times) =>
  step({
    name: `${times} webhooks are lost`,
    thenRest: false,
    act: ({ testBed }, memory) => {
      testBed.github.webhooks.trouble(({ event }) => event !== "issue_comment", { kind: "drop" }, times);
      memory.doubt();
      for (const push of memory.pushes) push.mayBeUnheard = true;
    },
  }),
);

const letGo = fc.nat({ max: 100 }).map((seed) =>
  step({
    name: `webhooks that wait arrive in order ${seed}`,
    thenRest: true,
    act: (story, memory) => {
      const { webhooks } = story.testBed.github;
      webhooks.reorder((waiting) => shuffled(waiting, seed));
      endTrouble(story, memory);
    },
  }),
);

function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  const keyed = items.map((item, at) => ({ item, key: Math.sin((at + 1) * (seed + 1)) }));
  return seed === 0 ? items : keyed.toSorted((a, b) => a.key - b.key).map(({ item }) => item);
}

const FAULTS: readonly Fault[] = [
  ...([{ kind: "500" }, { kind: "502" }, { kind: "401" }, { kind: "502-after-effect" }] as const),
  ...([{ kind: "reset-before" }, { kind: "reset-after-effect" }, { kind: "stale-read" }] as const),
  ...([{ kind: "timeout" }, { kind: "timeout-after-effect" }] as const),
  { kind: "primary-limit", resetSeconds: 2 },
  { kind: "secondary-limit", retryAfterSeconds: 2 },
];

const gitHubFails = fc.tuple(fc.constantFrom(...FAULTS), few, few).map(([fault, nth, times]) =>
  step({
    name: `GitHub's ${nth}. answer: ${times} x ${fault.kind}`,
    thenRest: false,
    act: ({ testBed }, memory) => {
      testBed.github.faults.plan({ nth, times }, fault);
      if (fault.kind === "stale-read") memory.doubt();
    },
  }),
);

const hookFails = fc
  .tuple(fc.constantFrom("reset" as const, "lost" as const, "503" as const), few)
  .map(([kind, times]) =>
    step({
      name: `the deployer fails: ${times} x ${kind}`,
      thenRest: false,
      act: ({ hook }) =>
        hook.faults.add(kind === "503" ? { kind: "status", status: 503 } : { kind }, { times }),
    }),
  );

const restart = fc.boolean().map((thenRest) =>
  step({
    name: "restart",
    needsServer: true,
    thenRest,
    act: async ({ testBed }, memory) => {
      loseWhatIsOnItsWay(testBed, memory);
      await testBed.stopServer();
      await start({ testBed }, memory);
    },
  }),
);

const stop = fc.constant(
  step({
    name: "stop",
    needsServer: true,
    thenRest: false,
    act: async ({ testBed }, memory) => {
      loseWhatIsOnItsWay(testBed, memory);
      await testBed.stopServer();
      memory.isUp = false;
    },
  }),
);

/** GitHub does not send a webhook again that nobody took. */
function loseWhatIsOnItsWay({ github }: MultiTenantTestBed, memory: Memory): void {
  const taken = github.webhooks.attempts.filter(({ status }) => status === 202);
  const subjects = new Set(taken.map(({ delivery }) => subjectOf(delivery.payload)));
  for (const push of memory.pushes)
    push.mayBeUnheard ||= !subjects.has(`refs/heads/${push.branch} ${push.oid}`);
  for (const comment of memory.comments) comment.mayBeUnheard ||= !subjects.has(comment.id);
}

/** Of a push what it moved where, of a comment its id. */
function subjectOf(payload: object): unknown {
  const { ref, after, comment }: { ref?: string; after?: string; comment?: { id: number } } = Object(payload);
  return comment?.id ?? `${ref} ${after}`;
}

const startAgain = fc.boolean().map((thenRest) =>
  step({
    name: "start",
    thenRest,
    act: async (story, memory) => {
      if (!memory.isUp) await start(story, memory);
    },
  }),
);

/** Everything is looked at when the server starts. */
async function start({ testBed }: Pick<Story, "testBed">, memory: Memory): Promise<void> {
  const hadToCatchUp = memory.isHeldBack;
  await testBed.start();
  memory.isUp = true;
  memory.isTold = !hadToCatchUp;
}

const PATIENCE_MS = 300;

/** After some more requests to GitHub, if so many come. */
const crash = fc.tuple(fc.integer({ min: 0, max: 8 }), fc.boolean()).map(([requests, thenRest]) =>
  step({
    name: `crash after ${requests} requests`,
    needsServer: true,
    thenRest,
    act: async ({ testBed, hook }, memory) => {
      const enough = testBed.github.requests.all.length + requests;
      const end = Date.now() + PATIENCE_MS;
      while (testBed.github.requests.all.length < enough && Date.now() < end) await sleep(1);
      hook.faults.add({ kind: "reset" });
      await testBed.crash();
      hook.faults.clear();
      await start({ testBed }, memory);
    },
  }),
);

const HISTORY_MS = 1_100;

/** GitHub is all that is left; what was merged in the same second is history too. */
const loseDisk = fc.constant(
  step({
    name: "restart without database",
    needsServer: true,
    thenRest: true,
    act: async (story, memory) => {
      const { testBed } = story;
      await testBed.stopServer();
      await testBed.forget();
      memory.forget();
      for (const call of story.hook.calls.values()) call.isForgotten = true;
      const deployed = new Set(
        ENVIRONMENTS.flatMap((environment) => deploymentsTo(testBed, environment).map(({ oid }) => oid)),
      );
      for (const merge of memory.merges) merge.isHistory ||= !deployed.has(merge.oid);
      for (const about of [...memory.pushes, ...memory.comments]) about.mayBeUnheard = true;
      await sleep(HISTORY_MS);
      await start(story, memory);
      await rest(story);
    },
  }),
);

const sync = fc.constant(
  step({
    name: "sync",
    needsServer: true,
    thenRest: true,
    act: async (story, memory) => {
      endTrouble(story, memory);
      await story.testBed.sync();
      memory.isTold = true;
    },
  }),
);

const HOUR_MS = 61 * 60_000;

const hour = fc.constant(
  step({
    name: "an hour passes",
    needsServer: true,
    thenRest: true,
    act: async (story, memory) => {
      memory.keptAt.clear();
      story.pass(HOUR_MS);
      await story.testBed.wake();
    },
  }),
);

export const TROUBLE_STEPS: readonly fc.Arbitrary<Step>[] = [
  ...[redeliver, duplicate, holdBack, pause, drop, letGo, letGo, gitHubFails, gitHubFails],
  ...[hookFails, restart, stop, startAgain, startAgain, crash, loseDisk, sync, hour],
];
