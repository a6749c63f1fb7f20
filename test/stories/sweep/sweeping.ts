// An hour after a story: the server looks at what there is again, and may have had no webhook of it.

import { configRepository } from "../../../src/sandbox/test-bed.ts";
import { pass, testBed } from "../setting.ts";

/** Until an answer of GitHub's cannot lag behind any more. */
export const LAG_MS = 31_000;

/** How often each query was asked. */
export function requestCounts(): Readonly<Record<string, number>> {
  const names = testBed.github.requests.counted.flatMap(({ operationName }) => operationName ?? []);
  return Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));
}

/** As an hour later, but for the hour: the server lists everything, and glances at it. */
export async function sweep(): Promise<Readonly<Record<string, number>>> {
  testBed.github.requests.mark();
  await testBed.restart();
  return requestCounts();
}

/** Until the repositories were looked at in full when GitHub's answers could not lag any more. */
export async function swept(): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await sweep();
    await pass(LAG_MS);
  }
}

/** From where the test is about, no webhook arrives. */
export function loseWebhooks(): void {
  testBed.github.webhooks.sendTo(undefined);
}

/** Beside the one that is there. */
export function createOthers(count: number): void {
  loseWebhooks();
  for (let n = 1; n <= count; n += 1)
    testBed.github.createRepository({ name: `acme/config-${n}`, files: configRepository() });
}
