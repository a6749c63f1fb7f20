import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Build, BuildResult } from "../../../src/sandbox/jenkins/controller.ts";
import { type Jenkins, startJenkins } from "../../../src/sandbox/jenkins/jenkins.ts";
import { DECLARED as parameters } from "../../support/jenkins-job.ts";
import { Desk, start } from "./desk.ts";

const token = "t0k3n";

let jenkins: Jenkins;
let deployed: string[];
let verdict: BuildResult;
beforeEach(async () => {
  deployed = [];
  verdict = "SUCCESS";
  const run = async ({ parameters: given }: Build) => {
    deployed.push(given.get("DEPLOYMENT_ID") ?? "");
    return { result: verdict };
  };
  jenkins = await startJenkins({
    users: [{ name: "bot", token }],
    jobs: [
      { name: "deploy", parameters, run },
      { name: "hanging", parameters },
      { name: "also", parameters, run },
    ],
  });
});
afterEach(() => jenkins.stop());

function desk(...jobs: readonly string[]): Desk {
  return new Desk(
    jobs.map((name) => ({
      kind: "jenkins",
      name,
      repositories: ["*/*"],
      job: jenkins.jobUrl(name),
      username: "bot",
      token,
      secret: "s",
    })),
  );
}

const end = (place: Desk): Promise<void> => place.until(() => false);

describe("merges in quick succession", () => {
  it("deploy the newest and mark those it contains", async () => {
    const place = desk("deploy");
    for (const position of [1, 2, 3]) place.merge({ githubId: position, position });
    await end(place);
    expect(deployed).toEqual(["3"]);
    expect(place.statusLines).toEqual([
      "3 queued: deploy: called",
      "2 inactive: Contained in aaaaaaa (#103)",
      "1 inactive: Contained in aaaaaaa (#103)",
      "3 success: deploy: Build 1 ended with SUCCESS",
    ]);
    expect([1, 2, 3].map((id) => place.deployment(id).overtaken)).toEqual([
      "contained",
      "contained",
      undefined,
    ]);
    expect(place.results.find(({ state }) => state === "success")?.deployed).toEqual([
      { chart: "xposer", from: "1.0.0", to: "1.0.3" },
    ]);
  });

  it("wait for the one that runs, then go at once", async () => {
    const place = desk("hanging");
    place.merge({ githubId: 1, position: 1 });
    await place.until(() => place.deployment(1).state === "in_progress");
    place.merge({ githubId: 2, position: 2 });
    await place.reconcile();
    expect(place.statusLines.at(-1)).toBe("2 queued: Waits until aaaaaaa (#101) has ended");
    jenkins.controller.finish("hanging", 1, "FAILURE");
    await place.reconcile();
    expect(place.deployment(1).state).toBe("failure");
    expect(place.call(2).state).toBe("called");
  });

  it("whose webhooks come in the wrong order do not deploy the older one", async () => {
    const place = desk("deploy");
    place.merge({ githubId: 1, position: 2 });
    await end(place);
    place.merge({ githubId: 2, position: 1 });
    await end(place);
    expect(deployed).toEqual(["1"]);
    expect(place.deployment(2)).toMatchObject({ state: "inactive" });
  });
});

describe("several deployers", () => {
  it("are all called, and all have to succeed", async () => {
    const place = desk("deploy", "also");
    place.merge({ githubId: 1, position: 1 });
    await end(place);
    expect(deployed).toEqual(["1", "1"]);
    expect(place.deployment(1)).toMatchObject({ state: "success" });
  });

  it("of which one is not in server.yaml end in an error that says so, after the other was called", async () => {
    const place = desk("deploy");
    place.merge({ githubId: 1, position: 1, deployers: ["deploy", "gone"] });
    await end(place);
    expect(deployed).toEqual(["1"]);
    expect(place.deployment(1).state).toBe("error");
    expect(place.comments[0]?.body).toContain('There is no deployer "gone" in server.yaml.');
  });
});

describe("a freeze", () => {
  it("holds until its end, with its reason, and then deploys", async () => {
    const place = desk("deploy");
    const heldUntil = new Date(start.getTime() + 3_600_000);
    place.site = {
      repository: "a/b",
      branch: "main",
      path: "",
      hold: { until: heldUntil, reason: "holidays" },
    };
    place.merge({ githubId: 1, position: 1, state: "held", heldUntil });
    expect(await place.reconcile()).toEqual({ requeueAt: heldUntil });
    expect(place.statusLines).toEqual([
      "1 pending: Held until 2026-11-25 11:00 UTC, or until the label emergency is put on: holidays",
    ]);
    await place.reconcile();
    expect(place.statusLines).toHaveLength(1);
    place.now = heldUntil;
    place.site = { repository: "a/b", branch: "main", path: "" };
    await end(place);
    expect(deployed).toEqual(["1"]);
    expect(place.deployment(1).state).toBe("success");
  });

  it.each([
    { name: "lifted", hours: undefined, expected: ["1"] },
    { name: "shortened", hours: 1, expected: [] },
    { name: "prolonged", hours: 9, expected: [] },
  ])("that was $name since the merge holds as it says now", async ({ hours, expected }) => {
    const place = desk("deploy");
    const until = (count: number) => new Date(start.getTime() + count * 3_600_000);
    const frozen = hours === undefined ? {} : { hold: { until: until(hours), reason: "holidays" } };
    place.site = { repository: "a/b", branch: "main", path: "", ...frozen };
    place.merge({ githubId: 1, position: 1, state: "held", heldUntil: until(4) });
    const { requeueAt } = await place.reconcile();
    if (hours === undefined) await end(place);
    else expect(requeueAt).toEqual(until(hours));
    expect(deployed).toEqual(expected);
  });

  it("lets out an emergency, and what an emergency contains, but nothing later", async () => {
    const place = desk("deploy");
    const until = new Date(start.getTime() + 3_600_000);
    place.site = { repository: "a/b", branch: "main", path: "", hold: { until, reason: "holidays" } };
    place.merge({ githubId: 1, position: 1, state: "held", heldUntil: until });
    place.merge({ githubId: 2, position: 2, state: "held", heldUntil: until, emergency: true });
    place.merge({ githubId: 3, position: 3, state: "held", heldUntil: until });
    await place.until(() => place.deployment(2).state === "success");
    expect(deployed).toEqual(["2"]);
    expect(place.deployment(1).state).toBe("inactive");
    expect(place.deployment(3).state).toBe("held");
  });
});

describe("a commit that is deployed once more", () => {
  const repeats = { task: "heal", of: 1, intent: "one" } as const;
  const soon = () => new Date(start.getTime() + 3_600_000);

  it("goes to its deployers like a new one", async () => {
    const place = desk("deploy");
    place.merge({ githubId: 1, position: 1 });
    await end(place);
    place.later(1000);
    place.merge({ githubId: 2, position: 1, repeats });
    await end(place);
    expect(deployed).toEqual(["1", "2"]);
    expect(place.deployment(2).state).toBe("success");
  });

  it("gives way to a newer commit that comes before it is begun", async () => {
    const place = desk("deploy");
    place.merge({ githubId: 1, position: 1 });
    await end(place);
    place.merge({ githubId: 2, position: 1, repeats });
    place.merge({ githubId: 3, position: 2 });
    await end(place);
    expect(deployed).toEqual(["1", "3"]);
    expect(place.deployment(2)).toMatchObject({ state: "inactive", overtaken: "contained" });
  });

  it("is held by a freeze that begins before anybody was told", async () => {
    const place = desk("deploy");
    place.site = { repository: "a/b", branch: "main", path: "", hold: { until: soon(), reason: "holidays" } };
    place.merge({ githubId: 2, position: 1, repeats });
    expect(await place.reconcile()).toEqual({ requeueAt: soon() });
    expect(place.statusLines).toEqual(["2 pending: Held until 2026-11-25 11:00 UTC: holidays"]);
    place.site = { repository: "a/b", branch: "main", path: "" };
    await end(place);
    expect(deployed).toEqual(["2"]);
  });

  it.each(["heal", "redeploy"] as const)(
    "that fails as a %s is commented on unless it heals",
    async (task) => {
      const place = desk("deploy");
      verdict = "FAILURE";
      place.merge({ githubId: 2, position: 1, repeats: { ...repeats, task } });
      await end(place);
      expect(place.comments).toHaveLength(task === "heal" ? 0 : 1);
    },
  );
});

describe("an environment", () => {
  it("without deployers gets no status, and its merge counts as deployed", async () => {
    const place = desk();
    place.merge({ githubId: 1, position: 1 });
    expect(await place.reconcile()).toEqual({});
    expect(place.statuses).toEqual([]);
    expect(place.results).toMatchObject([{ state: "success", deployed: [{ to: "1.0.1" }] }]);
  });

  it("that is no longer configured has nobody called: its deployments wait for its new name", async () => {
    const place = desk("deploy");
    place.site = undefined;
    place.merge({ githubId: 1, position: 1 });
    expect(await place.reconcile()).toEqual({});
    expect([deployed, place.statuses, place.results]).toEqual([[], [], []]);
  });
});

describe("when GitHub cannot be told", () => {
  it("the look fails, and the next one says it once and calls nobody again", async () => {
    const place = desk("deploy");
    place.merge({ githubId: 1, position: 1 });
    const { ports } = place;
    const { advanceDeployments } = await import("../../../src/reconcile/deployment/deploy.ts");
    const broken = { ...ports, statuses: { set: () => Promise.reject(new Error("502")) } };
    await expect(advanceDeployments({ repositoryId: 7, environment: "dev" }, broken)).rejects.toThrow("502");
    await end(place);
    expect(deployed).toEqual(["1"]);
    expect(place.statusLines.at(-1)).toBe("1 success: deploy: Build 1 ended with SUCCESS");
  });
});

describe("a failure", () => {
  it("is commented on once, and a later merge deploys", async () => {
    const place = desk("deploy");
    verdict = "FAILURE";
    place.merge({ githubId: 1, position: 1 });
    await end(place);
    await place.reconcile();
    expect(place.comments).toHaveLength(1);
    verdict = "SUCCESS";
    place.merge({
      githubId: 2,
      position: 2,
      promotions: [{ chart: "redis", from: "7.0.0", to: "7.1.0" }],
    });
    await end(place);
    expect(place.results.at(-1)?.deployed).toEqual([
      { chart: "xposer", from: "1.0.0", to: "1.0.1" },
      { chart: "redis", from: "7.0.0", to: "7.1.0" },
    ]);
  });
});
