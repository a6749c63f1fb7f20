// Where a story is told: one town for each test, which ends with it whatever the test found.

import { afterEach, expect } from "@jest/globals";
import { startTown, type Town, type TownOptions } from "../../src/sandbox/town.ts";

/** The town of the test that runs. */
export let town: Town;

/** Also on a busy machine. */
const WAITS_MS = 60_000;
const closing: (() => Promise<void>)[] = [];

export async function live(options: TownOptions = {}): Promise<void> {
  town = await startTown(options);
}

/** Something beside the town that ends with the test. */
export function closeAfterwards(close: () => Promise<void>): void {
  closing.push(close);
}

afterEach(async () => {
  const { requests, unmodelled } = town.github;
  const broken = town.brokenContract();
  await town.stop();
  for (const close of closing.splice(0)) await close();
  expect(requests.unknown).toEqual([]);
  expect(unmodelled).toEqual([]);
  expect(broken).toEqual([]);
});

/** Uploads xposer (or another chart) and announces it; answers the publish's id when nothing is due any more. */
export async function published(version: string, values: object = {}, chart = "xposer"): Promise<string> {
  const { body } = await town.publish({ chart, version, values });
  await town.waitUntilIdle();
  return body.id;
}

/** The newest check run of a pull request's head. */
export function newestRun(number: number) {
  const { oid } = town.repository().mustPull(number).head;
  return [...town.repository().checkRuns.values()].findLast(({ headOid }) => headOid === oid);
}

/** What it says: how it ended or stands, and its title; its summary. */
export function checkOn(number: number): { readonly said: string; readonly summary: string } {
  const run = newestRun(number);
  return {
    said: `${run?.conclusion ?? run?.status}: ${run?.output.title}`,
    summary: run?.output.summary ?? "",
  };
}

/** How a comment was reacted to, oldest first. */
export function reactionsTo(comment: number): readonly string[] {
  return [...town.repository().reactions.values()]
    .filter(({ subject }) => subject.kind === "comment" && subject.key === comment)
    .map(({ content }) => content);
}

/** Time passes, and what is due then is done. */
export async function pass(ms: number): Promise<void> {
  await town.waitUntilIdle();
  town.pass(ms);
  await town.waitUntilIdle();
}

/** What happens in it reaches nobody: GitHub forgets that it could not be delivered. */
export async function away(happens: () => void): Promise<void> {
  await town.stopServer();
  town.github.webhooks.sendTo(undefined);
  happens();
  await town.startServer();
  await town.waitUntilIdle();
}

/** For what happens by the clock, which is set forward to where something is due. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + WAITS_MS;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error("waited in vain");
    await town.tick();
  }
  await town.waitUntilIdle();
}
