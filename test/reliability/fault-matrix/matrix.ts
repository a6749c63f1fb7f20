// Tells the story to many accounts at once, each with a trouble of its own in each chapter: the end is always the one without.
//
// Each case is an account of its own, and all of them live through the same story at the same time; in each chapter, one
// request of an account meets one trouble. Which requests there are is asked of an account that meets none.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { diffLines } from "diff";
import { type StandIn, startStandIn } from "../../../src/sandbox/chartmuseum/stand-in.ts";
import {
  type MultiTenantOptions,
  type MultiTenantTestBed,
  type Promoted,
  startMultiTenantTestBed,
} from "../multi-tenant-test-bed.ts";
import { pictureOf } from "../picture.ts";
import { type Chapter, HOOK, STORY } from "./story.ts";
import { nameOf, nameOfCall, type Strike, type Struck, type Struckable, seed, sentence } from "./strikes.ts";

const CALM = "calm";
let aheadMs = 0;
/** Longer than a busy machine takes to answer so many accounts at once. */
const timing = { gitHubTimeoutMs: 3000, clock: () => new Date(Date.now() + aheadMs) };

/** The troubles of a chapter, by its requests in their order. */
type StrikesOf = (requests: readonly Struck[], chapter: Struckable) => readonly Strike[];

/** FAULT_MATRIX_CHAPTER: only chapters with this in their name are struck, and the story ends with the last of them. */
const { FAULT_MATRIX_CHAPTER: only = "" } = process.env;
const isStruck = (name: string) => name.includes(only);
const TOLD = STORY.slice(0, STORY.findLastIndex(({ name }) => isStruck(name)) + 1);

/** The requests of a chapter, as the account that meets no trouble sends them. */
async function requestsOfStory(): Promise<readonly (readonly Struck[])[]> {
  const testBed = await startMultiTenantTestBed({ ...options(), accounts: [CALM] });
  const chapters: Struck[][] = [];
  for (const { happens, lastsMs = 0 } of TOLD) {
    testBed.github.requests.mark();
    await happens(testBed, [CALM]);
    await pass(lastsMs, testBed);
    chapters.push(testBed.requestsOf(CALM).map((one) => ({ ...one, name: nameOf(one) })));
  }
  await testBed.stop();
  return chapters;
}

/** What is due is done, before and after so much time of the server's clock. */
async function pass(ms: number, testBed: MultiTenantTestBed): Promise<void> {
  await testBed.waitUntilIdle(REST_MS);
  if (ms === 0) return;
  aheadMs += ms;
  await testBed.wake();
  await testBed.waitUntilIdle(REST_MS);
}

let hook: StandIn;
let testBed: MultiTenantTestBed;
let chapters: readonly (readonly Strike[])[];
/** Those that look like the calm one up to now. */
let accounts: readonly string[];
const publishes: string[] = [];

const options = (): Omit<MultiTenantOptions, "accounts"> => ({
  deployers: [{ ...HOOK, url: `${hook.url}/deploy` }],
  onboarding: "on",
  timing,
});

async function found(strikesOf: StrikesOf): Promise<void> {
  hook = await startStandIn(() => ({ status: 202 }));
  const requests = await requestsOfStory();
  chapters = TOLD.map((one, at) => (isStruck(one.name) ? strikesOf(requests[at] ?? [], one) : []));
  accounts = Array.from({ length: Math.max(...chapters.map(({ length }) => length)) }, (_, n) => `case-${n}`);
  testBed = await startMultiTenantTestBed({ ...options(), accounts: [CALM, ...accounts] });
}

async function pictures(): Promise<ReadonlyMap<string, string>> {
  const promoted: Promoted[] = [];
  for (const id of publishes) promoted.push(...(await testBed.publishState(id)).promotions);
  return new Map(
    [CALM, ...accounts].map((account) => [account, pictureOf(testBed.repository(account), promoted)]),
  );
}

/** Accounts that do not look like the calm one when nothing happens any more, or after this time of the server's clock. */
async function differentAfter(withinMs: number): Promise<readonly string[]> {
  for (let passedMs = LOOK_MS; ; passedMs += LOOK_MS) {
    // What failed, for everybody at once as well, waits for its next try, and would look like rest.
    await pass(LOOK_MS, testBed);
    const now = await pictures();
    const different = accounts.filter((account) => now.get(account) !== now.get(CALM));
    if (different.length === 0 || passedMs >= withinMs) return different;
  }
}

const LOOK_MS = 5_000;

/** Many accounts, each with its timeouts; also on a busy machine. */
const REST_MS = 240_000;
/** Of a chapter with all its strikes. */
const CHAPTER_MS = 600_000;

/** Longer than GitHub is given to show a deployment whose answer was lost, and than a stale answer is asked for again. */
const PATIENCE_MS = 40_000;

export function describeMatrix(title: string, strikesOf: StrikesOf): void {
  beforeAll(() => found(strikesOf), CHAPTER_MS);
  afterAll(async () => {
    expect(testBed.github.requests.unknown).toEqual([]);
    expect(testBed.github.requests.merges).toEqual([]);
    await testBed.stop();
    await hook.close();
  });
  describe(title, () => tellStory(title));
}

function tellStory(title: string): void {
  let planned = 0;
  let struck = 0;

  test.each(TOLD.map((chapter, at) => [chapter.name, chapter, at] as const))(
    "%s",
    async (_name, chapter, at) => {
      const strikes = plan(at);
      const requests = await tell(chapter);
      const different = await differentAfter(PATIENCE_MS);
      planned += strikes.size;
      struck += requests.filter(({ fault }) => fault !== undefined).length;
      const now = await pictures();
      leave(different);
      const wrong = different.map((account) => describeWrong(account, strikes, now));
      expect(wrong).toEqual([]);
    },
    CHAPTER_MS,
  );

  test(
    "and it stays so when everything is looked at again",
    async () => {
      testBed.github.faults.clear();
      const before = await pictures();
      await synchronise();
      const now = await pictures();
      const different = [...before.keys()].filter((account) => now.get(account) !== before.get(account));
      const wrong = different.map((account) => ({
        account,
        differs: differenceOf(before.get(account), now.get(account)),
      }));
      expect(wrong).toEqual([]);
      // What one account asks more often than the calm one, another asks less often.
      expect(struck).toBeGreaterThanOrEqual(planned * 0.8);
      process.stdout.write(
        `${title}: ${planned} combinations of request and trouble, ${struck} requests struck (seed ${seed}).\n`,
      );
    },
    CHAPTER_MS,
  );
}

/** One strike for each account. */
function plan(at: number): ReadonlyMap<string, Strike> {
  testBed.github.faults.clear();
  const strikes = new Map<string, Strike>();
  for (const [n, strike] of (chapters[at] ?? []).entries()) {
    const account = accounts[n];
    if (account === undefined) break;
    const isFrom = testBed.isFrom(account);
    testBed.github.fault(
      { nth: strike.nth, match: (call) => isFrom(call) && nameOfCall(call) === strike.request },
      strike.trouble,
    );
    strikes.set(account, strike);
  }
  return strikes;
}

async function tell({
  happens,
  lastsMs = 0,
}: Chapter): Promise<MultiTenantTestBed["github"]["requests"]["sinceMark"]> {
  testBed.github.requests.mark();
  const answer = await happens(testBed, [CALM, ...accounts]);
  if (isPublish(answer)) publishes.push(answer.id);
  await pass(lastsMs, testBed);
  return testBed.github.requests.sinceMark;
}

function describeWrong(
  account: string,
  strikes: ReadonlyMap<string, Strike>,
  now: ReadonlyMap<string, string>,
) {
  const strike = strikes.get(account);
  return {
    strike: strike ? sentence(strike) : "none",
    differs: differenceOf(now.get(CALM), now.get(account)),
  };
}

function differenceOf(one = "", other = ""): readonly string[] {
  return diffLines(one, other).flatMap(({ added, removed, value }) =>
    added || removed ? [`${added ? "+" : "-"}${value}`] : [],
  );
}

/** A start looks at everything. */
async function synchronise(): Promise<void> {
  await testBed.stopServer();
  await testBed.start();
  await pass(LOOK_MS, testBed);
}

/** An account that went astray would only hide what goes wrong later. */
function leave(astray: readonly string[]): void {
  for (const account of astray) testBed.uninstall(account);
  accounts = accounts.filter((account) => !astray.includes(account));
}

function isPublish(answer: unknown): answer is { readonly id: string } {
  return typeof answer === "object" && answer !== null && "id" in answer;
}
