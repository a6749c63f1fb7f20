import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { combineCalls, isFinal, statusOf } from "../../../src/domain/deployment/combine-calls.ts";
import { deployedVersions } from "../../../src/domain/deployment/deployed-versions.ts";
import { failureComment, heldBack } from "../../../src/domain/deployment/describe.ts";
import type { DeployerCall } from "../../../src/domain/model/deployment.ts";
import { key, linear, shaAt, start } from "../../reconcile/deployment/desk.ts";

const problem = { code: "deployer-silent", message: "It said nothing.", help: "Look at its log." } as const;

function call(state: DeployerCall["state"], more: Partial<DeployerCall> = {}): DeployerCall {
  return { deploymentId: 1, deployer: "ci", state, ...more };
}

describe("combine", () => {
  it.each([
    ["queued", [call("waiting")]],
    ["queued", [call("called"), call("waiting")]],
    ["in_progress", [call("running"), call("waiting")]],
    ["in_progress", [call("done"), call("called")]],
    ["in_progress", [call("failed"), call("running")]],
    ["success", [call("done")]],
    ["success", [call("done"), call("skipped")]],
    ["failure", [call("done"), call("failed")]],
    ["failure", [call("failed", { problem }), call("failed")]],
    ["error", [call("done"), call("failed", { problem })]],
    ["inactive", [call("skipped")]],
  ] as const)("%s", (state, calls) => {
    expect(combineCalls(calls).state).toBe(state);
  });

  it("shows the log of the one that failed", () => {
    const calls = [
      call("done", { log: "https://a.example/1" }),
      call("failed", {
        log: "https://b.example/2",
        deployer: "other",
        description: "Build 2 ended with FAILURE",
      }),
    ];
    expect(combineCalls(calls)).toEqual({
      state: "failure",
      description: "ci: succeeded; other: Build 2 ended with FAILURE",
      log: "https://b.example/2",
    });
  });

  it("never ends before every call has, and never says more than 140 characters", () => {
    const state = fc.constantFrom("waiting", "called", "running", "done", "failed", "skipped");
    const any = fc.record({ state, description: fc.string({ unit: "grapheme", maxLength: 300 }) });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 4 }), (given) => {
        const calls = given.map((one, index) => call(one.state, { ...one, deployer: `d${index}` }));
        const outcome = combineCalls(calls);
        const open = calls.some((one) => ["waiting", "called", "running"].includes(one.state));
        expect(isFinal(outcome.state)).toBe(!open);
        expect(Array.from(statusOf(outcome).description).length).toBeLessThanOrEqual(140);
      }),
    );
  });
});

describe("the comment on a failure", () => {
  const deployment = {
    ...key,
    githubId: 42,
    sha: shaAt(1),
    pullRequest: 5,
    promotions: [{ chart: "xposer", from: "1.0.0", to: "1.1.0" }],
    deployers: ["ci"],
    state: "failure",
    createdAt: start,
    changedAt: start,
  } as const;

  it("says who failed and how, and offers the way back", () => {
    const calls = [
      call("failed", { description: "Build 7 ended with FAILURE", log: "https://j.example/7/console" }),
    ];
    expect(failureComment(deployment, calls).body).toMatchInlineSnapshot(`
"<!-- chart-promoter:deployment-failed 42 -->
Deploying \`aaaaaaa\` to \`dev\` failed.

* \`ci\`: Build 7 ended with FAILURE. ([log](<https://j.example/7/console>))

Nothing was undone. Comment \`/rollback\` to open a pull request that goes back (\`xposer 1.1.0 → 1.0.0\`); merging a fix deploys as well."
`);
  });

  it("says of a repeat that it is one, since what it repeats may have gone well", () => {
    const repeats = { task: "redeploy", of: 41, intent: "once more" } as const;
    expect(failureComment({ ...deployment, repeats }, [call("failed")]).body).toContain(
      "Deploying `aaaaaaa` to `dev` again failed.",
    );
  });

  it("offers no rollback where the merge promoted nothing", () => {
    expect(failureComment({ ...deployment, promotions: [] }, [call("failed")]).body).not.toMatch(/rollback/);
  });

  it.each([
    ["a mention", "@acme/admins look", "`@acme/admins` look."],
    ["HTML", "<img src=x>", "&lt;img src=x&gt;."],
    ["a code span that would end", "a ` @b `` c", "a \\` `@b` \\`\\` c."],
    ["a line that would start a list", "a\n\n* @b", "a \\* `@b`."],
    ["a colon", "field is immutable: spec.selector", "field is immutable: spec.selector."],
    ["code of its own", "run `helm lint` first.", "run `helm lint` first."],
  ])("shows the words of a deployer and lets them do nothing: %s", (_name, description, expected) => {
    const { body } = failureComment(deployment, [call("failed", { description })]);
    expect(body).toContain(`* \`ci\`: ${expected}`);
  });

  it.each([
    ["javascript:alert(1)", undefined],
    ["https://x.example/a>)[b](https://evil.example)", "https://x.example/a%3E)[b](https://evil.example)"],
    ["https://user:pw@x.example/log", "https://x.example/log"],
  ])("links only to addresses: %s", (log, expected) => {
    const { body } = failureComment(deployment, [call("failed", { log })]);
    expect(/\(\[log\]\(<(.*)>\)\)/.exec(body)?.[1]).toBe(expected);
  });

  it("is marked, so that it is written once", () => {
    const comment = failureComment(deployment, [call("failed")]);
    expect(comment.body.startsWith(comment.marker)).toBe(true);
  });
});

describe("a held deployment", () => {
  it("names the end and the reason of the freeze", () => {
    const to = new Date("2027-01-02T00:00:00Z");
    const held = "Held until 2027-01-02 00:00 UTC, or until the label emergency is put on";
    expect(heldBack({ heldUntil: to }, "holidays")).toBe(`${held}: holidays`);
    expect(heldBack({ heldUntil: to }, undefined)).toBe(held);
    const repeats = { of: 7, task: "redeploy", intent: "again" } as const;
    expect(heldBack({ heldUntil: to, repeats }, undefined)).toBe("Held until 2027-01-02 00:00 UTC");
  });
});

describe("what a success brought out", () => {
  const merge = (at: number, promotions: readonly { chart: string; from: string; to: string }[]) => ({
    ...key,
    githubId: at,
    sha: shaAt(at),
    pullRequest: at,
    promotions,
    deployers: [],
    state: "inactive" as const,
    createdAt: start,
    changedAt: start,
  });

  it("is its own versions and those of the merges it contains, each chart at the last one", () => {
    const first = merge(1, [{ chart: "xposer", from: "1.0.0", to: "1.1.0" }]);
    const second = merge(2, [{ chart: "redis", from: "7.0.0", to: "7.1.0" }]);
    const third = merge(3, [{ chart: "xposer", from: "1.1.0", to: "1.2.0" }]);
    const order = linear([first, second, third].map(({ sha }) => sha));
    expect(deployedVersions(third, [first, second], order)).toEqual([
      { chart: "xposer", from: "1.0.0", to: "1.2.0" },
      { chart: "redis", from: "7.0.0", to: "7.1.0" },
    ]);
    expect(deployedVersions(second, [third], order)).toEqual(second.promotions);
  });
});
