// Pull requests whose files are larger together than what is read of them: the check fails and says so, and goes by the files
// again once they are smaller. It is no way to have a check that succeeded stand, nor one to have none.

import { beforeEach, expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY, configRepository } from "../../../src/sandbox/test-bed.ts";
import { checkOn, live, reactionsTo, testBed } from "../../stories/setting.ts";

const NAMES = ["dev", "qa"];
const FILES = Array.from({ length: 20 }, (_, n) => `values-${n}.yaml`);
/** GitHub gives this much of a file, in six times as many bytes of JSON. */
const TEXT = "\u0001".repeat(500_000);

const config = NAMES.map((name) => `  ${name}: {path: ${name}, valuesFiles: [${FILES.join(", ")}]}\n`);
const [chart, requirements] = ["Chart.yaml", "requirements.yaml"].map(
  (file) => configRepository()[`dev/${file}`] ?? null,
);

beforeEach(() =>
  live({
    files: {
      ...configRepository(),
      ".github/chart-promoter.yml": `environments:\n${config.join("")}`,
      "qa/Chart.yaml": chart ?? null,
      "qa/requirements.yaml": requirements ?? null,
    },
  }),
);

function filesOf(names: readonly string[], text: string | null) {
  return Object.fromEntries(names.flatMap((name) => FILES.map((file) => [`${name}/${file}`, text])));
}

async function pushed(files: ReturnType<typeof filesOf>): Promise<void> {
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "heavy", files });
  await testBed.waitUntilIdle();
}

test("files of more than 64 MiB together fail the check, until they are smaller, and nobody may allow them", async () => {
  await pushed({ "dev/values-0.yaml": "a: 1\n" });
  const number = testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "heavy", title: "Heavy" });
  await testBed.waitUntilIdle();
  expect(checkOn(number).verdict).toMatch(/^success: /);
  await pushed(filesOf(NAMES, TEXT));
  expect(checkOn(number)).toMatchObject({
    verdict: "failure: Not judged",
    summary: expect.stringMatching(/The files of the environments that it changes .*64 MiB/),
  });
  const id = testBed.alice.comment(CONFIG_REPOSITORY, number, "/allow");
  await testBed.waitUntilIdle();
  expect(reactionsTo(id)).toEqual(["confused"]);
  await pushed(filesOf(NAMES, null));
  await pushed({ "dev/values-0.yaml": "a: 2\n" });
  expect(checkOn(number).verdict).toMatch(/^success: /);
}, 120_000);

test("one that changes another environment is judged by that one's files alone", async () => {
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: filesOf(["qa"], TEXT.slice(0, 400_000)) });
  await testBed.waitUntilIdle();
  await pushed({ "dev/values-0.yaml": "a: 1\n" });
  const number = testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "heavy", title: "Light" });
  await testBed.waitUntilIdle();
  expect(checkOn(number).verdict).toMatch(/^success: /);
}, 120_000);
