// Dependencies of hundreds of kilobytes each, by their names, aliases, versions or repositories: neither what is on record of the
// repository nor what GitHub is asked for grows by them, and what says so stands in their own repository.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { MALLORY, MUSEUM_URL, startTarget, type Target } from "../target.ts";

let target: Target;
beforeAll(async () => {
  target = await startTarget();
  await target.alicesTurn();
}, 180_000);
afterAll(() => target.stop(), 60_000);

const CONFIG = ".github/chart-promoter.yml";
const LONG = "x".repeat(300_000);
const ENVIRONMENTS = Array.from({ length: 60 }, (_, n) => `e${n}`);

function files(entry: (name: string) => string): Readonly<Record<string, string>> {
  const config = ENVIRONMENTS.map((name) => `  ${name}: {path: ${name}}\n`).join("");
  const charts = ENVIRONMENTS.flatMap((name) => [
    [`${name}/Chart.yaml`, "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n"],
    [`${name}/requirements.yaml`, `dependencies:\n  - {${entry(name)}}\n`],
  ]);
  return { [CONFIG]: `environments:\n${config}`, ...Object.fromEntries(charts) };
}

function isInIssue(): boolean {
  const issues = target.github.repository(MALLORY.repository).issues();
  return issues.some(({ state, body }) => state === "open" && /more than 250 characters/.test(body));
}

const named = (name: string) => `name: ${name}, repository: "${MUSEUM_URL}"`;

test.each([
  ["charts", true, (name: string) => `${named(name + LONG)}, version: 1.0.0`],
  ["aliases", true, (name: string) => `${named("mallory")}, version: 1.0.0, alias: ${name}${LONG}`],
  ["versions", false, () => `${named("mallory")}, version: "${LONG}"`],
  ["constraints", false, () => `${named("mallory")}, version: ">=1.0.0${" || 1.0.0".repeat(30_000)}"`],
  ["repositories", false, (name: string) => `name: mallory, version: 1.0.0, repository: "@${name}${LONG}"`],
])(
  "%s of 300 kB in each of sixty environments keep nobody else waiting",
  async (_what, isShown, entry) => {
    await target.idle();
    await target.longestBlock();
    target.github.as("mallory").push(MALLORY.repository, { branch: "main", files: files(entry) });
    await target.github.webhooks.idle();
    const { answeredMs } = await target.alicesTurn();
    await target.idle();
    expect(answeredMs).toBeLessThan(1_000);
    expect(await target.longestBlock()).toBeLessThan(100);
    expect(isInIssue()).toBe(isShown);
  },
  300_000,
);
