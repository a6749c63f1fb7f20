// Which earlier merges a successful deployment may have brought out.

import { expect, test } from "@jest/globals";
import { containedMerges } from "../../../src/domain/deployment/deployed-versions.ts";
import type { KnownDeployment } from "../../../src/domain/deployment/next-deployment.ts";
import type { DeploymentState } from "../../../src/domain/model/deployment.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));

function deployment(githubId: number, state: DeploymentState, sha = `${githubId}`): KnownDeployment {
  return {
    ...{ repositoryId: 1, environment: "dev", sha, pullRequest: githubId, promotions: [], deployers: ["ci"] },
    ...(sha !== `${githubId}` && { repeats: { task: "heal", of: Number(sha), intent: `${githubId}` } }),
    ...{ state, githubId, createdAt: at(githubId), changedAt: at(100 + githubId) },
  };
}

test.each([
  [
    "those since the success before",
    [deployment(1, "failure"), deployment(2, "success"), deployment(3, "inactive"), deployment(4, "success")],
    [3],
  ],
  ["all where none succeeded", [deployment(1, "failure"), deployment(4, "success")], [1]],
  [
    "those that were merged before a heal of the success was decided, too",
    [
      deployment(1, "success"),
      deployment(2, "inactive"),
      deployment(3, "success", "1"),
      deployment(4, "success"),
    ],
    [2],
  ],
  [
    "none from before a failure that was deployed again with success",
    [
      deployment(1, "failure"),
      deployment(2, "failure"),
      deployment(3, "success", "2"),
      deployment(4, "success"),
    ],
    [],
  ],
])("%s", (_, all, expected) => {
  const [newest] = all.toReversed();
  const candidates = all.toReversed().map((one) => ({ deployment: one, calls: [] }));
  const contained = newest ? containedMerges(newest, candidates) : [];
  expect(contained.map(({ githubId }) => githubId)).toEqual(expected);
});
