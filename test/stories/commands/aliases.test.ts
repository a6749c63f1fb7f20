// A chart that stands under two aliases at different versions: what is told of each is so.

import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY, MUSEUM_URL } from "../../../src/sandbox/test-bed.ts";
import { live, published, testBed } from "../setting.ts";

async function standing(a: string, b: string): Promise<void> {
  const entry = (alias: string, version: string) =>
    `  - name: xposer\n    version: ${version}\n    repository: ${MUSEUM_URL}\n    alias: ${alias}\n`;
  await live({
    charts: ["1.0.0", "1.1.0", "1.3.0"].map((version) => ({ name: "xposer", version })),
    files: {
      ".github/chart-promoter.yml": "environments:\n  dev:\n    path: dev\n",
      "dev/Chart.yaml": "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
      "dev/requirements.yaml": `dependencies:\n${entry("a", a)}${entry("b", b)}`,
    },
  });
}

function headline(number: number): string | undefined {
  return testBed
    .repository()
    .mustPull(number)
    .body.split("\n")
    .find((line) => line.startsWith("**`xposer`**"));
}

async function rolledBack(number: number): Promise<string | undefined> {
  testBed.alice.merge(CONFIG_REPOSITORY, number);
  await testBed.waitUntilIdle();
  testBed.alice.comment(CONFIG_REPOSITORY, number, "/rollback");
  await testBed.waitUntilIdle();
  return [...testBed.repository().comments.values()].at(-1)?.body.split("\n")[0];
}

function versions(branch: string): readonly string[] {
  const text = testBed.fileOn(branch, "dev/requirements.yaml") ?? "";
  return [...text.matchAll(/version: (.*)/g)].map(([, version = ""]) => version);
}

test("each goes back to the version that it came from", async () => {
  await standing("1.0.0", "1.1.0");
  const id = await published("1.2.0");
  expect(headline(1)).toContain("(as `a`; `b` from `1.1.0`) `1.0.0` → `1.2.0` in **`dev`**");
  expect(await rolledBack(1)).toBe(
    "The way back of `xposer` as `a` from `1.2.0` to `1.0.0`, of `xposer` as `b` from `1.2.0` to `1.1.0` is #2.",
  );
  expect(testBed.pulls().at(-1)).toBe("#2 open Roll xposer back to 1.0.0 and 1.1.0 in dev");
  const { body } = testBed.repository().mustPull(2);
  expect(headline(2)).toContain("(as `a`; `b` to `1.1.0`) `1.2.0` → `1.0.0` in **`dev`**");
  expect(body).toContain(
    "xposer as a goes back from 1.2.0 to 1.0.0, xposer as b goes back from 1.2.0 to 1.1.0",
  );
  expect(versions("promote/dev/xposer")).toEqual(["1.0.0", "1.1.0"]);
  await testBed.restart();
  expect(testBed.repository().mustPull(2).body).toBe(body);
  testBed.alice.merge(CONFIG_REPOSITORY, 2);
  await testBed.waitUntilIdle();
  expect([...testBed.repository().deployments.values()].at(-1)?.payload).toMatchObject({
    promotions: [
      { chart: "xposer", from: "1.2.0", to: "1.0.0" },
      { chart: "xposer", from: "1.2.0", to: "1.1.0" },
    ],
  });
  expect((await testBed.publishState(id)).promotions).toMatchObject([{ state: "declined" }]);
  await published("1.2.1");
  expect(headline(3)).toContain("(as `a`; `b` from `1.1.0`) `1.0.0` → `1.2.1`");
});

test("one that is ahead stays, and says so", async () => {
  await standing("1.0.0", "1.3.0");
  await published("1.2.0");
  expect(headline(1)).toContain("(as `a`; `b` stays at `1.3.0`) `1.0.0` → `1.2.0` in **`dev`**");
  expect(await rolledBack(1)).toBe("The way back from `1.2.0` to `1.0.0` is #2.");
  expect(testBed.pulls().at(-1)).toBe("#2 open Roll xposer back to 1.0.0 in dev");
  expect(headline(2)).toContain("(as `a`; `b` stays at `1.3.0`) `1.2.0` → `1.0.0` in **`dev`**");
  expect(versions("promote/dev/xposer")).toEqual(["1.0.0", "1.3.0"]);
});
