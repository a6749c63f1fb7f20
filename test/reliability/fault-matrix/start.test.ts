// A start while GitHub is in trouble: what the App asks for itself, before any installation, is struck by every kind of
// trouble; what happened while the server was away is made up for all the same.

import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type MultiTenantTestBed, startMultiTenantTestBed } from "../multi-tenant-test-bed.ts";
import { nameOf, nameOfCall, picked, seed, sentence, strikesOn } from "./strikes.ts";

const REPOSITORY = "acme/config";
/** Of about thirty. */
const PICKED = 6;
/** Also on a busy machine. */
const MADE_UP_WITHIN_MS = 60_000;

let testBed: MultiTenantTestBed;
let patch = 0;

beforeAll(async () => {
  testBed = await startMultiTenantTestBed({ accounts: ["acme"], timing: { gitHubTimeoutMs: 1500 } });
  await testBed.start();
  await testBed.waitUntilIdle();
});

afterAll(async () => {
  expect(testBed.github.requests.unknown).toEqual([]);
  await testBed.stop();
});

const isOfApp = ({ path }: { readonly path: string }) => /^(\/api\/v3)?\/app(\/|$)/.test(path);

/** A merge while the server is away; answers how many deployments there are once it was made up for. */
async function missAMerge(): Promise<number> {
  await testBed.publish(`1.0.${++patch}`);
  await testBed.waitUntilIdle();
  await testBed.stopServer();
  const open = testBed
    .repository("acme")
    .pulls()
    .find(({ state }) => state === "open");
  testBed.alice.merge(REPOSITORY, open?.number ?? 0);
  return testBed.repository("acme").deployments.size + 1;
}

async function madeUp(deployments: number): Promise<void> {
  const end = Date.now() + MADE_UP_WITHIN_MS;
  while (testBed.repository("acme").deployments.size !== deployments) {
    if (Date.now() > end) throw new Error("the merge was not made up for");
    await sleep(20);
  }
  await testBed.waitUntilIdle();
  expect(testBed.repository("acme").deployments.size).toBe(deployments);
}

test("a start asks the same whatever strikes it, and makes up for what it missed", async () => {
  const expected = await missAMerge();
  testBed.github.requests.mark();
  await testBed.start();
  await madeUp(expected);
  const requests = testBed.github.requests.sinceMark.filter(isOfApp).map(nameOf);
  const strikes = picked(strikesOn(requests), PICKED);
  for (const strike of strikes) {
    const deployments = await missAMerge();
    testBed.github.fault(
      { nth: strike.nth, match: (call) => isOfApp(call) && nameOfCall(call) === strike.request },
      strike.trouble,
    );
    testBed.github.requests.mark();
    await testBed.start();
    await madeUp(deployments).catch((error: unknown) => {
      throw new Error(`after ${sentence(strike)}: ${String(error)}`);
    });
    testBed.github.faults.clear();
  }
  process.stdout.write(`Starts struck: ${strikes.map(sentence).join(", ")} (seed ${seed}).\n`);
}, 300_000);
