// The answer to an opening was lost, and what GitHub shows then lags behind: the pull request is neither closed, nor opened a
// second time.

import { expect, test } from "@jest/globals";
import type { Call } from "../../../../src/sandbox/github/http/call.ts";
import { configRepository } from "../../../../src/sandbox/test-bed.ts";
import { live, pass, testBed } from "../../setting.ts";

const CONFIG = ".github/chart-promoter.yml";

/** `looks`: how many times GitHub answers from before, or only its branches are as they are by then. */
function loseTheAnswer(looks: number, of: { readonly of?: "records" }): void {
  let isLost = false;
  const isOpening = ({ graphql }: Call) => graphql?.rootFields.includes("createPullRequest") === true;
  const isStateQuery = ({ graphql }: Call) => isLost && graphql?.operationName === "RepositoryState";
  testBed.github.fault({ match: isStateQuery, times: looks }, { kind: "stale-read", ...of });
  testBed.github.fault(
    {
      match: (call) => {
        const isStruck = !isLost && isOpening(call);
        isLost ||= isStruck;
        return isStruck;
      },
    },
    "502-after-effect",
  );
}

function branches(): readonly string[] {
  return [...testBed.repository().refs.keys()].map((ref) => ref.replace("refs/heads/", "")).toSorted();
}

const STALE: readonly (readonly [string, number, { readonly of?: "records" }])[] = [
  ["nothing of it", 1, {}],
  ["only its branch", 1, { of: "records" }],
  ["only its branch, twice", 2, { of: "records" }],
];

test.each(STALE)("of a promotion, of which GitHub shows %s", async (_what, looks, of) => {
  await live();
  loseTheAnswer(looks, of);
  await testBed.publish({ version: "1.0.1" });
  await pass(0);
  await pass(3_000);
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
  expect(testBed.fileOn("promote/dev/xposer", "dev/requirements.yaml")).toContain("1.0.1");
  expect(branches()).toEqual(["main", "promote/dev/xposer"]);
});

test.each(STALE)(
  "of the offer of a first config file, of which GitHub shows %s",
  async (_what, looks, of) => {
    const files = Object.entries(configRepository()).filter(([path]) => path !== CONFIG);
    await live({ files: Object.fromEntries(files) });
    loseTheAnswer(looks, of);
    await testBed.restartWith({ onboarding: "on" });
    await pass(3_000);
    expect(testBed.pulls()).toEqual([`#1 open Add ${CONFIG}`]);
    expect(testBed.fileOn("chart-promoter/onboarding", CONFIG)).toContain("path: dev");
    expect(branches()).toEqual(["chart-promoter/onboarding", "main"]);
  },
);
