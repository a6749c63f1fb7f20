// What a person with write access to one repository puts on the dashboard and into the metrics, which are everybody's: hundreds of
// environments, each with other charts, which is a table of seven million cells.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { MALLORY, METRICS_TOKEN, MUSEUM_URL, startTarget, type Target } from "../target.ts";

let target: Target;
beforeAll(async () => {
  target = await startTarget({ settings: { dashboard: { access: "public" } } });
  await target.alicesTurn();
}, 180_000);
afterAll(() => target.stop(), 60_000);

const ENVIRONMENTS = 490;
const CHARTS = 30;

function crowd(): Readonly<Record<string, string>> {
  const names = Array.from({ length: ENVIRONMENTS }, (_, n) => `e${n}`);
  const config = names.map((name) => `  ${name}: {path: ${name}, charts: [none]}\n`).join("");
  const files = names.flatMap((name) => {
    const entries = Array.from(
      { length: CHARTS },
      (_, n) => `  - {name: ${name}-${n}, version: 1.0.0, repository: "${MUSEUM_URL}"}\n`,
    );
    return [
      [`${name}/Chart.yaml`, "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n"],
      [`${name}/requirements.yaml`, `dependencies:\n${entries.join("")}`],
    ];
  });
  return { ".github/chart-promoter.yml": `environments:\n${config}`, ...Object.fromEntries(files) };
}

test("the dashboard is read by everybody else at once, and says what it leaves out", async () => {
  target.github.as("mallory").push(MALLORY.repository, { branch: "main", message: "Crowd", files: crowd() });
  await target.github.webhooks.idle();
  await target.idle();
  await target.longestBlock();
  const page = await (await fetch(target.url)).text();
  expect(page).toContain("alice/config");
  expect(page).toMatch(/mallory\/config[\s\S]*14,690 more charts have no column here/);
  expect(page.length).toBeLessThan(2_000_000);
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
  await (await fetch(`${target.url}/metrics`, { headers })).text();
  expect(await target.longestBlock()).toBeLessThan(100);
  const { answeredMs } = await target.alicesTurn();
  expect(answeredMs).toBeLessThan(1_000);
}, 240_000);
