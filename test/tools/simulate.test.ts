// npm run simulate, told what comes out by GitHub's documentation: in processes of their own, whose time it takes over.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";

const SCRIPT = fileURLToPath(new URL("../../src/tools/simulate/run.ts", import.meta.url));

async function installation(...args: readonly string[]): Promise<string> {
  const all = ["--installation-only", "--hours", "1", ...args];
  return (await promisify(execFile)(process.execPath, [SCRIPT, ...all])).stdout;
}

/** Pull requests, check runs and requests of the first hour. */
function hourOf(printed: string): readonly number[] {
  const [, ...cells] = (printed.match(/^\| 1 \|.*$/m)?.[0] ?? "").split("|").slice(1, -1).map(Number);
  return cells;
}

test("one seed is one course, another seed another", async () => {
  const [one, repeated, other] = await Promise.all(
    ["7", "7", "8"].map((seed) => installation("--burst", "80", "--seed", seed)),
  );
  expect(repeated).toBe(one);
  expect(other).not.toBe(one);
  // What is within the limits costs what the stories say: a promotion two requests, its check two more, and one for each that met
  // the limit of the minute, of which each comes back once.
  const [pulls, checks, requests = 0] = hourOf(one ?? "");
  expect([pulls, checks]).toEqual([80, 80]);
  expect(requests).toBeGreaterThanOrEqual(4 * 80);
  expect(requests).toBeLessThan(5.5 * 80);
}, 180_000);

test("nine tenths of 500 content-creating requests are written in an hour, a check with each pull request, and what waits does not ask for all of it", async () => {
  const [pulls = 0, checks = 0, requests] = hourOf(await installation("--burst", "470"));
  expect([pulls, checks]).toEqual([225, 225]);
  expect(requests).toBeLessThan(2_500);
}, 180_000);
