// Who has write access to one repository fills an environment with more than is read of one answer of GitHub's. It is that
// repository's problem, and stands where its people look.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { MALLORY, MUSEUM_URL, startTarget, type Target } from "../target.ts";

/** GitHub gives the first 512,000 bytes of each. */
const VALUES = `${"#".repeat(79)}\n`.repeat(5_000);

/** A values file of 400 kB for each of so many charts. */
function hoard(count: number): Readonly<Record<string, string>> {
  const charts = Array.from({ length: count }, (_, n) => (n === 0 ? "mallory" : `mallory-${n}`));
  const entries = charts.map(
    (name) => `  - name: ${name}\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`,
  );
  return {
    "dev/requirements.yaml": `dependencies:\n${entries.join("")}`,
    ...Object.fromEntries(charts.map((name) => [`dev/${name}.yaml`, VALUES])),
  };
}

let target: Target;
beforeAll(async () => {
  target = await startTarget({ files: hoard(100) });
  await target.alicesTurn();
}, 180_000);
afterAll(() => target.stop(), 60_000);

test("an environment whose files are too much for one answer is told of in its repository, and nobody else waits", async () => {
  const mallory = target.github.as("mallory");
  mallory.push(MALLORY.repository, { branch: "main", message: "More", files: hoard(200) });
  await target.github.webhooks.idle();
  const { answeredMs } = await target.alicesTurn();
  expect(answeredMs).toBeLessThan(1_000);
  await target.idle();
  const issues = target.github.repository(MALLORY.repository).issues();
  const issue = issues.find(({ title }) => title === "chart-promoter cannot open all promotions");
  expect(issue).toMatchObject({ state: "open" });
  expect(issue?.body).toMatch(/`dev`: The files of dev are not read, since together they are larger/);
  const { id } = await target.release(MALLORY, { version: "1.0.1" });
  expect(await target.settled(MALLORY, id)).toMatchObject({ settled: true, state: "verified" });
}, 240_000);
