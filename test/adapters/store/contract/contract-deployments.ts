// Deployments and the calls to deployers.

import { describe, expect, it } from "@jest/globals";
import type { DeployerCall } from "../../../../src/domain/model/deployment.ts";
import { deployment, minute, unreachable } from "../words.ts";
import type { Current } from "./contract.ts";

export function describeDeployments(store: Current): void {
  const create = async (sha: string, githubId: number, change = {}) => {
    await store().deployments.begin(deployment({ sha, ...change }));
    await store().deployments.created({ repositoryId: 77, environment: "dev", sha }, githubId);
  };

  describe("deployments", () => {
    it("begins a deployment once, however many ask at the same time", async () => {
      const { deployments } = store();
      const answers = await Promise.all([1, 2, 3, 4].map(() => deployments.begin(deployment())));
      expect(answers.map(({ kind }) => kind).sort()).toEqual(["begun", "repeat", "repeat", "repeat"]);
      for (const answer of answers) expect(answer.deployment).toEqual(deployment());
      expect(await deployments.begin(deployment({ environment: "prod" }))).toMatchObject({ kind: "begun" });
    });

    it("keeps each repeat of a commit beside the deployment of its merge", async () => {
      const { deployments } = store();
      await create("a", 1);
      const heal = { task: "heal", of: 1, intent: "one", by: "alice" } as const;
      const repeated = deployment({ sha: "a", repeats: heal, createdAt: minute(2) });
      const answers = await Promise.all([1, 2].map(() => deployments.begin(repeated)));
      expect(answers.map(({ kind }) => kind).sort()).toEqual(["begun", "repeat"]);
      expect(answers[1]?.deployment).toEqual(repeated);
      const second = { ...repeated, repeats: { ...heal, intent: "two" } };
      expect(await deployments.begin(second)).toMatchObject({ kind: "begun" });
      await deployments.created(repeated, 2);
      expect(await deployments.byGithubId(1)).toEqual({
        ...deployment({ sha: "a", state: "queued", githubId: 1 }),
        changedAt: expect.any(Date),
      });
      expect(await deployments.byGithubId(2)).toMatchObject({ repeats: heal, state: "queued" });
      await deployments.begin({
        ...deployment({ sha: "a", environment: "prod" }),
        repeats: { ...heal, task: "redeploy" },
      });
      expect(await deployments.heals()).toEqual([{ repositoryId: 77, environment: "dev", count: 2 }]);
    });

    it.each([
      { name: "queued", change: {}, state: "queued" },
      { name: "held by a freeze", change: { heldUntil: minute(9) }, state: "held" },
    ])("is $name once GitHub has it", async ({ change, state }) => {
      await create("a", 9_007_199_254_740_000, change);
      const created = await store().deployments.byGithubId(9_007_199_254_740_000);
      expect(created).toMatchObject({ state, ...change });
    });

    it("keeps a later state when the id is recorded again", async () => {
      await create("a", 1);
      await store().deployments.update(1, { state: "success" });
      await store().deployments.created({ repositoryId: 77, environment: "dev", sha: "a" }, 1);
      expect(await store().deployments.byGithubId(1)).toMatchObject({ state: "success" });
    });

    it("takes changes and leaves the rest", async () => {
      await create("a", 1, { heldUntil: minute(9) });
      const change = { state: "in_progress", log: "https://ci/1", changedAt: minute(12) } as const;
      await store().deployments.update(1, change);
      await store().deployments.update(1, { emergency: true, changedAt: minute(12) });
      await store().deployments.update(1, { description: "rolling\0 out", changedAt: minute(13) });
      expect(await store().deployments.byGithubId(1)).toEqual({
        ...deployment({ sha: "a" }),
        ...change,
        githubId: 1,
        emergency: true,
        description: "rolling out",
        changedAt: minute(13),
      });
    });

    it("knows the folder of each, and lists those of a pull request", async () => {
      await create("a", 1, { pullRequest: 7, path: "clusters/dev", createdAt: minute(1) });
      await create("b", 2, { pullRequest: 8, createdAt: minute(2) });
      const { deployments } = store();
      const root = { sha: "a", pullRequest: 7, path: "", environment: "prod", createdAt: minute(3) };
      await deployments.begin(deployment(root));
      const found = await deployments.ofPullRequest(77, 7);
      expect(found.map(({ environment, path }) => [environment, path])).toEqual([
        ["dev", "clusters/dev"],
        ["prod", ""],
      ]);
      expect((await deployments.ofPullRequest(77, 8))[0]).not.toHaveProperty("path");
      expect(await deployments.ofPullRequest(78, 7)).toEqual([]);
    });

    it("lists by environment and state", async () => {
      await create("a", 1, { createdAt: minute(1) });
      await create("b", 2, { createdAt: minute(2) });
      await create("c", 3, { createdAt: minute(3) });
      await store().deployments.begin(deployment({ sha: "d", environment: "prod", createdAt: minute(4) }));
      await store().deployments.update(2, { state: "inactive", overtaken: "replaced" });
      const { deployments } = store();
      const shas = (some: readonly { sha: string }[]) => some.map(({ sha }) => sha);
      expect(shas(await deployments.ofEnvironment(77, "dev", 2))).toEqual(["c", "b"]);
      expect(shas(await deployments.unfinished())).toEqual(["a", "c", "d"]);
      expect(shas(await deployments.unfinished(77))).toEqual(["a", "c", "d"]);
      expect(await deployments.unfinished(78)).toEqual([]);
      expect(shas(await deployments.list(10))).toEqual(["d", "c", "b", "a"]);
      const overtaken = (await deployments.list(10)).map((one) => one.overtaken);
      expect(overtaken).toEqual([undefined, undefined, "replaced", undefined]);
    });

    it("plans each call once and keeps what became of it", async () => {
      const { deployments } = store();
      await deployments.plan(1, ["b", "a"]);
      const called: DeployerCall = {
        deploymentId: 1,
        deployer: "a",
        state: "failed",
        url: "https://jenkins/queue/1",
        calledAt: minute(1),
        firstCalledAt: minute(2),
        nextBuild: 7,
        job: "https://jenkins/job/deploy",
        missingSince: minute(3),
        endedAt: minute(4),
        problem: unreachable,
        log: "https://ci/1",
        description: "no",
      };
      const [first] = await deployments.calls(1);
      if (first) expect(await deployments.replaceCall(first, called)).toBe(true);
      await deployments.plan(1, ["a", "c"]);
      await deployments.plan(1, []);
      expect(await deployments.calls(1)).toEqual([
        called,
        { deploymentId: 1, deployer: "b", state: "waiting" },
        { deploymentId: 1, deployer: "c", state: "waiting" },
      ]);
      const done = { deploymentId: 1, deployer: "a", state: "done" } as const;
      expect(await deployments.replaceCall(called, done)).toBe(true);
      expect((await deployments.calls(1))[0]).toEqual(done);
    });

    it("replaces a call only as it is known, and once, however many try at the same time", async () => {
      const { deployments } = store();
      const waiting: DeployerCall = { deploymentId: 1, deployer: "a", state: "waiting" };
      expect(await deployments.replaceCall(waiting, { ...waiting, state: "done" })).toBe(false);
      await deployments.plan(1, ["a"]);
      const known: DeployerCall = { ...waiting, state: "called", url: "https://q/1", calledAt: minute(1) };
      expect(await deployments.replaceCall(waiting, { ...known, description: "nul \0 in it" })).toBe(true);
      const described = { ...known, description: "nul  in it" };
      const others: readonly Partial<DeployerCall>[] = [
        { state: "running" },
        { url: "https://q/2" },
        { calledAt: minute(2) },
        { firstCalledAt: minute(2) },
        { nextBuild: 7 },
        { job: "https://jenkins/job/deploy" },
        { missingSince: minute(2) },
        { endedAt: minute(2) },
        { problem: unreachable },
        { log: "https://ci/1" },
        { description: "else" },
      ];
      for (const other of others)
        expect(await deployments.replaceCall({ ...described, ...other }, waiting)).toBe(false);
      const tries = [1, 2, 3, 4].map(
        (log) => ({ ...described, state: "done", log: `https://ci/${log}` }) as const,
      );
      const answers = await Promise.all(tries.map((next) => deployments.replaceCall(described, next)));
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect(await deployments.calls(1)).toEqual([tries[answers.indexOf(true)]]);
    });
  });
}
