// Where a story is told: one test bed for each test, which ends with it whatever the test found.

import { afterEach, expect } from "@jest/globals";
import { startTestBed, type TestBed, type TestBedOptions } from "../../src/sandbox/test-bed.ts";

/** The test bed of the test that runs. */
export let testBed: TestBed;

/** Also on a busy machine. */
const WAITS_MS = 60_000;
const closing: (() => Promise<void>)[] = [];

export async function live(options: TestBedOptions = {}): Promise<void> {
  testBed = await startTestBed(options);
}

/** Something beside the test bed that ends with the test. */
export function closeAfterwards(close: () => Promise<void>): void {
  closing.push(close);
}

afterEach(async () => {
  const { requests, unmodelled } = testBed.github;
  const broken = testBed.brokenContract();
  await testBed.stop();
  for (const close of closing.splice(0)) await close();
  expect(requests.unknown).toEqual([]);
  expect(unmodelled).toEqual([]);
  expect(broken).toEqual([]);
});

/** Uploads xposer (or another chart) and announces it; answers the publish's id when nothing is due any more. */
export async function published(version: string, values: object = {}, chart = "xposer"): Promise<string> {
  const { body } = await testBed.publish({ chart, version, values });
  await testBed.waitUntilIdle();
  return body.id;
}

/** The newest check run of a pull request's head. */
export function newestRun(number: number) {
  const { oid } = testBed.repository().mustPull(number).head;
  return [...testBed.repository().checkRuns.values()].findLast(({ headOid }) => headOid === oid);
}

/** What it says: how it ended or stands, and its title; its summary. */
export function checkOn(number: number): { readonly verdict: string; readonly summary: string } {
  const run = newestRun(number);
  return {
    verdict: `${run?.conclusion ?? run?.status}: ${run?.output.title}`,
    summary: run?.output.summary ?? "",
  };
}

/** How a comment was reacted to, oldest first. */
export function reactionsTo(comment: number): readonly string[] {
  return [...testBed.repository().reactions.values()]
    .filter(({ subject }) => subject.kind === "comment" && subject.key === comment)
    .map(({ content }) => content);
}

/** Time passes, and what is due then is done. */
export async function pass(ms: number): Promise<void> {
  await testBed.waitUntilIdle();
  testBed.pass(ms);
  await testBed.waitUntilIdle();
}

/** What happens in it reaches nobody: GitHub forgets that it could not be delivered. */
export async function away(happens: () => void): Promise<void> {
  await testBed.stopServer();
  testBed.github.webhooks.sendTo(undefined);
  happens();
  await testBed.startServer();
  await testBed.waitUntilIdle();
}

/** For what happens by the clock, which is set forward to where something is due. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + WAITS_MS;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error("waited in vain");
    await testBed.tick();
  }
  await testBed.waitUntilIdle();
}
