import { expect, test } from "@jest/globals";
import { versionStatusOf } from "../../../src/domain/deployment/version-status.ts";
import type { Deployment, DeploymentState } from "../../../src/domain/model/deployment.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));

/**
 * `success 1.1`, `inactive 1.2 contained`: deployments with a deployer, oldest first, a minute apart. `success 1.1 of 0` repeats
 * the first one.
 */
function past(...lines: readonly string[]): readonly Deployment[] {
  const deployments = lines.map((line, index) => {
    const [repeated] = / of (\d)/.exec(line)?.slice(1) ?? [];
    const [state = "", to = "", overtaken] = line.replace(/ of \d/, "").split(" ");
    const sha = repeated ?? `${index}`;
    return {
      ...{ repositoryId: 1, environment: "dev", sha, pullRequest: Number(sha), deployers: ["ci"] },
      ...(repeated !== undefined && { repeats: { task: "heal" as const, of: 1, intent: line } }),
      promotions: to === "-" ? [] : [{ chart: "xposer", from: "", to }],
      state: stateOf(state),
      ...(overtaken === "contained" && { overtaken: "contained" as const }),
      ...(overtaken === "replaced" && { overtaken: "replaced" as const }),
      description: "In words that say nothing",
      createdAt: at(index),
      changedAt: at(100 + index),
    };
  });
  return deployments.toReversed();
}

function stateOf(text: string): DeploymentState {
  const known = (["success", "failure", "error", "inactive", "queued"] as const).find(
    (state) => state === text,
  );
  if (!known) throw new Error(text);
  return known;
}

test.each([
  ["deployed", past("success 1.1"), { kind: "out", periods: [{ since: at(100) }] }],
  ["only merged", past("queued 1.1"), { kind: "never" }],
  ["failed", past("failure 1.1"), { kind: "failed", pullRequest: 0 }],
  ["failed, and its repair too", past("error 1.1", "failure -"), { kind: "failed", pullRequest: 1 }],
  [
    "out, whatever fails later",
    past("success 1.1", "failure -"),
    { kind: "out", periods: [{ since: at(100) }] },
  ],
  [
    "failed, then contained in a success",
    past("failure 1.1", "success -"),
    { kind: "out", periods: [{ since: at(101) }] },
  ],
  [
    "contained in a success",
    past("inactive 1.1 contained", "success -"),
    { kind: "out", periods: [{ since: at(101) }] },
  ],
  [
    "contained, but moved on before the success",
    past("inactive 1.1 contained", "success 1.2"),
    { kind: "never" },
  ],
  ["replaced by another line of history", past("inactive 1.1 replaced", "success -"), { kind: "never" }],
  [
    "still counted after a newer one",
    past("success 1.1", "success 1.2"),
    { kind: "out", periods: [{ since: at(100), until: at(101) }] },
  ],
  ["rolled back", past("success 1.1", "success 1.0"), { kind: "taken-back", to: "1.0", pullRequest: 1 }],
  [
    "a rollback under way",
    past("success 1.1", "queued 1.0"),
    { kind: "taken-back", to: "1.0", pullRequest: 1 },
  ],
  [
    "a rollback that failed",
    past("success 1.1", "failure 1.0"),
    { kind: "taken-back", to: "1.0", pullRequest: 1 },
  ],
  [
    "rolled back after it failed",
    past("failure 1.1", "success 1.0"),
    { kind: "taken-back", to: "1.0", pullRequest: 1 },
  ],
  ["below it from the beginning", past("success 1.0", "success 0.9"), { kind: "never" }],
  [
    "gone when the deployment of another failed: what stands then is not known",
    past("success 1.1", "failure 1.2"),
    { kind: "out", periods: [{ since: at(100), until: at(101) }] },
  ],
  [
    "standing while another is only under way",
    past("success 1.1", "queued 1.2"),
    { kind: "out", periods: [{ since: at(100) }] },
  ],
  [
    "back again later, by a repair of the same version",
    past("success 1.1", "failure 1.2", "success 1.1"),
    { kind: "out", periods: [{ since: at(100), until: at(101) }, { since: at(102) }] },
  ],
  [
    "deployed again",
    past("success 1.1", "success 1.0", "success 1.1"),
    { kind: "out", periods: [{ since: at(102) }] },
  ],
  ["healed", past("success 1.1", "success 1.1 of 0"), { kind: "out", periods: [{ since: at(100) }] }],
  [
    "failed, and deployed again",
    past("failure 1.1", "success 1.1 of 0"),
    { kind: "out", periods: [{ since: at(101) }] },
  ],
  [
    "not taken back by a heal of the one before that was decided before its merge was heard of",
    past("success 1.0", "success 1.1", "success 1.0 of 0"),
    { kind: "out", periods: [{ since: at(101) }] },
  ],
  [
    "not taken back by a heal that it overtook",
    past("success 1.0", "success 1.1", "inactive 1.0 of 0 contained"),
    { kind: "out", periods: [{ since: at(101) }] },
  ],
  [
    "failed, whatever the heal before it",
    past("success 1.0", "failure 1.1", "success 1.0 of 0"),
    { kind: "failed", pullRequest: 1 },
  ],
  [
    "still rolled back after a heal of its own that came late",
    past("success 1.1", "success 1.0", "inactive 1.1 of 0 contained"),
    { kind: "taken-back", to: "1.0", pullRequest: 1 },
  ],
])("%s", (_, deployments, expected) => {
  expect(versionStatusOf(deployments, "xposer", "1.1")).toEqual(expected);
});

test("where no deployer is to be called, a merge counts at once", () => {
  const [deployment] = past("queued 1.1");
  expect(versionStatusOf(deployment ? [{ ...deployment, deployers: [] }] : [], "xposer", "1.1")).toEqual({
    kind: "out",
    periods: [{ since: at(0) }],
  });
});
