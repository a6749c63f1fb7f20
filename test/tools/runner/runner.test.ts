// The runner of these tests says of every test what became of it, and files that share a process share no hooks.

import { execFile } from "node:child_process";
import { basename } from "node:path";
import { expect, test } from "@jest/globals";

const CASES = "<rootDir>/test/tools/runner/cases/*.case.ts";

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

test("what passes, fails, hangs, and cannot be loaded is told as such", async () => {
  const { testResults } = await runCases();
  const results = testResults.flatMap(({ name, status, assertionResults }) => [
    `${basename(name)} ${status}`,
    ...assertionResults.map((assertion) => `${assertion.fullName}: ${assertion.status}`),
  ]);
  expect(results.sort()).toEqual(
    [
      "broken.case.ts failed",
      "fails.case.ts failed",
      "passes: passed",
      "expects in vain: failed",
      "throws: failed",
      "never ends: failed",
      "leaves a rejection behind: failed",
      "table 1 odd: passed",
      "table 2 odd: failed",
      "skipped: pending",
      "has the clock of Jest: passed",
      "leaves the clock to others: passed",
      "one.case.ts passed",
      "one begins: passed",
      "one has the hooks and the state of its own file: passed",
      "two.case.ts passed",
      "two begins: passed",
      "two has the hooks and the state of its own file: passed",
    ].sort(),
  );
});

/** In one process, as a worker runs one file after the other. */
function runCases(): Promise<Report> {
  const words = ["node_modules/jest/bin/jest.js", "--runInBand", "--json", `--testMatch=${CASES}`];
  return new Promise((resolve) =>
    execFile(process.execPath, words, (_failed, stdout) => resolve(JSON.parse(stdout))),
  );
}
