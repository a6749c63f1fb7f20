// Never more than one build of a deployment without proof that the first is gone, whatever Jenkins loses, and an end to every call.

import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Deployer } from "../../../src/domain/model/config/settings.ts";
import { type Jenkins, startJenkins } from "../../../src/sandbox/jenkins/jenkins.ts";
import { Desk, start } from "../../reconcile/deployment/desk.ts";
import { DEPLOY_PARAMETERS, jobDeclaring } from "../../support/jenkins-job.ts";

const HOUR_MS = 3_600_000;
const POST = /^POST .*buildWithParameters/;

let jenkins: Jenkins;
beforeEach(async () => {
  jenkins = await startJenkins({
    users: [{ name: "bot", token: "t" }],
    jobs: [jobDeclaring(DEPLOY_PARAMETERS)],
  });
});
afterEach(() => jenkins.stop());

function desk(timeoutMs?: number): Desk {
  const place = new Desk([calling("deploy", timeoutMs)], 5000);
  place.merge({ githubId: 1, position: 1 });
  return place;
}

function calling(job: string, timeoutMs?: number): Deployer {
  return {
    ...{ kind: "jenkins", name: "ci", job: jenkins.jobUrl(job), username: "bot", token: "t" },
    ...{ secret: "s", repositories: ["*/*"] },
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
}

function builds(): number {
  return jenkins.controller.nextBuildNumber("deploy") - 1;
}

function elapsed(place: Desk): number {
  return place.now.getTime() - start.getTime();
}

async function looks(place: Desk, times: number): Promise<void> {
  let seen = 0;
  await place.until(() => {
    seen += 1;
    return seen >= times;
  });
}

describe("a job that does not declare what it is sent", () => {
  it.each(DEPLOY_PARAMETERS)("is told by the name of the parameter and not called: %s", async (missing) => {
    jenkins.controller.define(jobDeclaring(DEPLOY_PARAMETERS.filter((name) => name !== missing)));
    const place = desk();
    await place.reconcile();
    expect(place.call(1)).toMatchObject({ state: "waiting", problem: { code: "deployer-refused" } });
    expect(place.statusLines.join()).toContain(missing);
    await place.until(() => false);
    expect(place.deployment(1).state).toBe("error");
    expect(elapsed(place)).toBeLessThan(HOUR_MS / 2);
    expect(builds()).toBe(0);
  });

  it("is told all of them where it has no parameters", async () => {
    jenkins.controller.define({ name: "deploy" });
    const place = desk();
    await place.reconcile();
    expect(place.call(1).problem?.message).toContain(DEPLOY_PARAMETERS.join(", "));
  });

  it("is called once it declares them", async () => {
    jenkins.controller.define(jobDeclaring([]));
    const place = desk();
    await looks(place, 3);
    jenkins.controller.define(jobDeclaring(DEPLOY_PARAMETERS));
    await looks(place, 3);
    expect(place.deployment(1).state).toBe("in_progress");
    expect(builds()).toBe(1);
  });

  it("by the time that it is called, is built once, and the call has an end", async () => {
    const place = desk();
    jenkins.faults.add({ kind: "lost" }, { match: POST, times: 1 });
    await afterCheck(() => jenkins.controller.define(jobDeclaring(["REVISION"])), place);
    await place.until(() => false);
    expect(place.deployment(1).state).toBe("error");
    expect(builds()).toBe(1);
  });

  it("is not built again because its queue item is forgotten", async () => {
    const place = desk();
    await afterCheck(() => jenkins.controller.define(jobDeclaring(["REVISION"])), place);
    jenkins.controller.forget("left");
    await place.until(() => false);
    expect(place.deployment(1).state).toBe("error");
    expect(builds()).toBe(1);
  });
});

/** One look, in which something happens between the last question and the call. */
async function afterCheck(happens: () => void, place: Desk): Promise<void> {
  place.beforeReplacing = async () => happens();
  await place.reconcile();
  place.beforeReplacing = async () => undefined;
}

describe("a call of which nothing is to be seen", () => {
  it("is made again where every build since has another deployment, after two looks", async () => {
    const place = desk();
    jenkins.faults.add({ kind: "reset" }, { match: POST, times: 1 });
    await place.reconcile();
    jenkins.controller.enqueue(jobDeclaring(DEPLOY_PARAMETERS), new Map([["DEPLOYMENT_ID", "7"]]), 0);
    await place.until(() => builds() > 1);
    expect(elapsed(place)).toBeGreaterThanOrEqual(30_000);
    await looks(place, 2);
    expect(place.deployment(1).state).toBe("in_progress");
    expect(builds()).toBe(2);
  });

  it.each([
    ["its build may have been deleted", () => jenkins.controller.deleteBuild("deploy", 1)],
    ["more builds came since than are listed", () => buildOthers(101)],
  ])("is not made again where %s, and ends as an error", async (_why, happens) => {
    const place = desk();
    jenkins.faults.add({ kind: "lost" }, { match: POST, times: 1 });
    await place.reconcile();
    happens();
    await place.until(() => false);
    expect(place.call(1)).toMatchObject({ state: "failed", problem: { code: "deployer-silent" } });
    expect(jenkins.answered.filter(({ request }) => request.method === "POST")).toHaveLength(1);
    expect(elapsed(place)).toBeLessThan(3 * HOUR_MS);
  });

  it("is given up in the end where each call is answered 500 and none takes effect", async () => {
    const place = desk();
    place.patience = { ...place.patience, unreachableForMs: HOUR_MS };
    jenkins.faults.add({ kind: "status", status: 500 }, { match: POST });
    await place.until(() => false);
    expect(place.deployment(1).state).toBe("error");
    expect(elapsed(place)).toBeGreaterThan(HOUR_MS);
    expect(elapsed(place)).toBeLessThan(2.5 * HOUR_MS);
    expect(jenkins.requests.filter(({ method }) => method === "POST").length).toBeLessThan(100);
  });
});

describe("a call without an answer, and server.yaml names another job since", () => {
  const NEXT = { ...jobDeclaring(DEPLOY_PARAMETERS), name: "next" };

  async function lost(kind: "lost" | "reset"): Promise<Desk> {
    jenkins.controller.define(NEXT);
    const place = desk();
    jenkins.faults.add({ kind }, { match: POST, times: 1 });
    await place.reconcile();
    place.deployers = [calling("next")];
    return place;
  }

  it("is found in the job that was called, and the other one is not called", async () => {
    const place = await lost("lost");
    await place.until(() => place.deployment(1).state === "in_progress");
    expect(place.call(1)).toMatchObject({ state: "running", url: `${jenkins.jobUrl("deploy")}/1/` });
    expect([builds(), jenkins.controller.nextBuildNumber("next")]).toEqual([1, 1]);
  });

  it("is not made again in the other one where it is nowhere, and has an end", async () => {
    const place = await lost("reset");
    await place.until(() => false);
    expect(place.call(1)).toMatchObject({ state: "failed", problem: { code: "deployer-silent" } });
    expect([builds(), jenkins.controller.nextBuildNumber("next")]).toEqual([0, 1]);
    expect(elapsed(place)).toBeLessThan(3 * HOUR_MS);
  });
});

function buildOthers(times: number): void {
  for (let time = 0; time < times; time++)
    jenkins.controller.enqueue(jobDeclaring(DEPLOY_PARAMETERS), new Map([["DEPLOYMENT_ID", `9${time}`]]), 0);
}

describe("a build that takes long", () => {
  it("is followed for as long as server.yaml says", async () => {
    const place = desk(4 * HOUR_MS);
    await place.until(() => elapsed(place) > 3 * HOUR_MS);
    expect(place.deployment(1).state).toBe("in_progress");
    jenkins.controller.finish("deploy", 1, "SUCCESS");
    await place.until(() => place.deployment(1).state === "success");
    expect(elapsed(place)).toBeLessThan(4 * HOUR_MS);
  });

  it("ends as an error that says how long it was followed, and where to say otherwise", async () => {
    const place = desk(2 * HOUR_MS);
    await place.until(() => place.deployment(1).state === "error");
    expect(place.call(1).problem?.message).toContain("2 hours");
    expect(place.call(1).problem?.help).toContain("timeout");
    expect(elapsed(place)).toBeGreaterThan(2 * HOUR_MS);
  });
});

describe("a rebuild by hand with the same DEPLOYMENT_ID", () => {
  it("is followed although the first build failed", async () => {
    const place = desk();
    await looks(place, 2);
    jenkins.controller.finish("deploy", 1, "FAILURE");
    await place.until(() => place.deployment(1).state === "failure");
    place.later(HOUR_MS / 2);
    jenkins.controller.rebuild("deploy", 1);
    await place.until(() => place.deployment(1).state === "in_progress");
    expect(place.deployment(1).description).toContain("Build 2");
    jenkins.controller.finish("deploy", 2, "SUCCESS");
    await place.until(() => place.deployment(1).state === "success");
    expect(place.results.map(({ state }) => state)).toEqual(["failure", "success"]);
  });

  it("that came between two looks is followed, and the first is not told to have failed", async () => {
    const place = desk();
    await looks(place, 2);
    jenkins.controller.abort("deploy", 1);
    jenkins.controller.rebuild("deploy", 1);
    await looks(place, 3);
    jenkins.controller.finish("deploy", 2, "SUCCESS");
    await place.until(() => place.deployment(1).state === "success");
    expect(place.comments).toEqual([]);
  });

  it("is followed where the first build was deleted", async () => {
    const place = desk();
    await looks(place, 2);
    jenkins.controller.rebuild("deploy", 1);
    await looks(place, 1);
    jenkins.controller.deleteBuild("deploy", 1);
    await looks(place, 2);
    jenkins.controller.finish("deploy", 2, "SUCCESS");
    await place.until(() => place.deployment(1).state === "success");
  });

  it("is not looked for once a later deployment went out, nor for ever", async () => {
    const place = desk();
    await looks(place, 2);
    jenkins.controller.finish("deploy", 1, "FAILURE");
    await place.until(() => place.deployment(1).state === "failure");
    place.merge({ githubId: 2, position: 2 });
    await looks(place, 3);
    jenkins.controller.finish("deploy", 2, "SUCCESS");
    await place.until(() => place.deployment(2).state === "success");
    jenkins.controller.rebuild("deploy", 1);
    await place.until(() => false);
    expect(place.deployment(1).state).toBe("failure");
  });
});
