// A version that is taken back where it stood before: what brings it further, whoever opened that, is not good to merge any more.

import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY, MUSEUM_URL } from "../../../src/sandbox/town.ts";
import { checkOn, live, published, town, until } from "../setting.ts";

function umbrella(folder: string): Record<string, string> {
  const entry = `  - name: xposer\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`;
  return {
    [`${folder}/Chart.yaml`]: "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
    [`${folder}/requirements.yaml`]: `dependencies:\n${entry}`,
  };
}

function config(...lines: readonly string[]): Record<string, string> {
  return { ".github/chart-promoter.yml": `environments:\n${lines.map((line) => `  ${line}\n`).join("")}` };
}

/** A person's own pull request that brings xposer 1.0.1 to a folder. */
function opened(folder: string): number {
  const path = `${folder}/requirements.yaml`;
  const text = town.fileOn("main", path)?.replace("1.0.0", "1.0.1") ?? "";
  town.alice.push(CONFIG_REPOSITORY, { branch: "mine", on: "main", files: { [path]: text } });
  return town.alice.openPullRequest(CONFIG_REPOSITORY, { head: "mine", title: "Mine" });
}

function numberOf(title: string): number {
  const found = town
    .repository()
    .pulls()
    .findLast((pull) => pull.title === title);
  return found?.number ?? 0;
}

async function rolledBack(): Promise<void> {
  town.alice.comment(CONFIG_REPOSITORY, 1, "/rollback");
  await town.settle();
  town.alice.merge(CONFIG_REPOSITORY, numberOf("Roll xposer back to 1.0.0 in dev"));
  await town.settle();
}

test("a person's pull request to the next environment is judged again when the version is rolled back", async () => {
  const next = config("dev: { path: dev }", "staging: { path: staging, after: dev }");
  await live({ files: { ...umbrella("dev"), ...umbrella("staging"), ...next } });
  await published("1.0.1");
  town.alice.merge(CONFIG_REPOSITORY, 1);
  await town.settle();
  const mine = opened("staging");
  await town.settle();
  expect(checkOn(mine).said).toMatch(/^success: /);
  await rolledBack();
  await until(() => !checkOn(mine).said.startsWith("success"));
  expect(checkOn(mine).said).toContain("1.0.1 was rolled back to 1.0.0 in dev");
});
