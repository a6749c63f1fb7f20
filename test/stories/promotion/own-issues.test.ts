// The App's one issue of a kind is found whatever people have opened since.

import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY } from "../../../src/sandbox/test-bed.ts";
import { live, testBed } from "../setting.ts";

/** More than GitHub gives on one page. */
const ISSUES_OF_PEOPLE = 120;

test("an issue that stands behind more than a page of people's issues is updated and closed, and opened no second time", async () => {
  await live();
  const config = (text: string) => {
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { ".github/chart-promoter.yml": text } });
    return testBed.waitUntilIdle();
  };
  await config("environments:\n  dev:\n    pth: dev\n");
  for (let n = 0; n < ISSUES_OF_PEOPLE; n++)
    testBed.alice.openIssue(CONFIG_REPOSITORY, { title: `Please look at ${n}` });
  await config("environments:\n  dev:\n    pathh: dev\n");
  const ours = () =>
    testBed
      .repository()
      .issues()
      .filter(({ title }) => title.includes("cannot read"));
  expect(ours()).toMatchObject([{ number: 1, state: "open", body: expect.stringContaining("pathh") }]);
  await config("environments:\n  dev:\n    path: dev\n");
  expect(ours()).toMatchObject([{ number: 1, state: "closed" }]);
});
