import { expect, test } from "@jest/globals";
import type { Problem } from "../../../src/domain/model/problem.ts";
import { describeConfigProblems } from "../../../src/reconcile/repository/config-issue.ts";

const FILE = ".github/chart-promoter.yml";
const problem = (line: number, message: string): Problem => ({
  code: "config-invalid",
  message,
  help: "Mend it.",
  place: { file: FILE, line },
});

test("the issue names each line, and is no page of its own when somebody writes to it", () => {
  const { body } = describeConfigProblems(FILE, [problem(3, "the key <pth> is not known, @team")]);
  expect(body).toContain(`* \`${FILE}\` line 3: the key \\<pth\\> is not known, @\u200bteam Mend it.`);
});

test("however much is wrong, GitHub takes the text", () => {
  const worst = Array.from({ length: 5_000 }, (_, line) => problem(line, "_@".repeat(10_000)));
  const { body = "" } = describeConfigProblems(FILE, worst);
  expect(body.length).toBeLessThan(65_000);
  expect(body).toContain("* and 4960 more");
});
