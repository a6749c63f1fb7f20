// Jenkins as teams run it: parameters of other kinds, numbers given out again, multibranch jobs, a path before the jobs.

import { afterEach, describe, expect, it } from "@jest/globals";
import type { JobDefinition, ParameterKind } from "../../../src/sandbox/jenkins/controller.ts";
import { type Jenkins, type JenkinsOptions, startJenkins } from "../../../src/sandbox/jenkins/jenkins.ts";
import { Desk, start } from "../../reconcile/deployment/desk.ts";
import { DECLARED, DEPLOY_PARAMETERS, jobDeclaring } from "../../support/jenkins-job.ts";

const HOUR_MS = 3_600_000;
const POST = /^POST .*buildWithParameters/;
const DEPLOY = jobDeclaring(DEPLOY_PARAMETERS);
const OTHER = { name: "other", parameters: DECLARED };

let jenkins: Jenkins;
afterEach(() => jenkins.stop());

async function desk(job: JobDefinition, address = "/job/deploy", options: Partial<JenkinsOptions> = {}) {
  jenkins = await startJenkins({ users: [{ name: "bot", token: "t" }], jobs: [job, OTHER], ...options });
  const place = new Desk(
    [
      {
        ...{ kind: "jenkins", name: "ci", job: `${jenkins.url}${address}`, username: "bot", token: "t" },
        ...{ secret: "s", repositories: ["*/*"] },
      },
    ],
    2000,
  );
  place.merge({ githubId: 1, position: 1 });
  return place;
}

async function looks(place: Desk, times: number): Promise<void> {
  let seen = 0;
  await place.until(() => {
    seen += 1;
    return seen >= times;
  });
}

/** Another deployment's build, or one of another job. */
function buildOf(job: JobDefinition, id: string): void {
  jenkins.controller.enqueue(job, new Map([["DEPLOYMENT_ID", id]]), 0);
}

function calls(): number {
  return jenkins.answered.filter(({ request }) => request.method === "POST").length;
}

function elapsed(place: Desk): number {
  return place.now.getTime() - start.getTime();
}

describe("a parameter that cannot carry what is sent", () => {
  it.each<[string, ParameterKind]>([
    ["DEPLOYMENT_ID", "Password"],
    ["DEPLOYMENT_ID", "Boolean"],
    ["DEPLOYMENT_ID", "File"],
    ["REVISION", "Boolean"],
    ["REVISION", "File"],
    ["CHARTS", "Run"],
  ])("is told by name and kind, and the job is not called: %s as %s", async (name, kind) => {
    const place = await desk({ ...DEPLOY, kinds: { [name]: kind } });
    await place.reconcile();
    expect(place.call(1).problem).toMatchObject({ code: "deployer-refused" });
    expect(place.call(1).problem?.message).toContain(name);
    expect(place.call(1).problem?.message).toContain(kind.toLowerCase());
    await place.until(() => false);
    expect(place.deployment(1).state).toBe("error");
    expect(elapsed(place)).toBeLessThan(HOUR_MS / 2);
    expect(calls()).toBe(0);
  });

  it("is another than those of the job itself: a build with a password, a file and a switch is followed", async () => {
    const own = { TOKEN: "", ARCHIVE: "", DRY_RUN: "false" };
    const place = await desk({
      ...DEPLOY,
      parameters: { ...DECLARED, ...own },
      kinds: { TOKEN: "Password", ARCHIVE: "File", DRY_RUN: "Boolean", CHARTS: "Text" },
    });
    await looks(place, 2);
    expect(place.deployment(1).state).toBe("in_progress");
    jenkins.controller.finish("deploy", 1, "SUCCESS");
    await place.until(() => false);
    expect(place.deployment(1).state).toBe("success");
  });
});

describe("numbers that Jenkins gives out again", () => {
  it("does not take another job's queue item for its own after a crash, and calls once more", async () => {
    const place = await desk({ ...DEPLOY, oneAtATime: true });
    buildOf({ ...DEPLOY, oneAtATime: true }, "7");
    await looks(place, 2);
    expect(place.call(1).description).toBe("In the queue");
    jenkins.controller.crash();
    buildOf(OTHER, "8");
    buildOf(OTHER, "9");
    jenkins.controller.finish("deploy", 1, "SUCCESS");
    await looks(place, 8);
    expect(place.deployment(1).state).toBe("in_progress");
    expect(jenkins.controller.builds("deploy")).toHaveLength(2);
    jenkins.controller.finish("deploy", 2, "FAILURE");
    await place.until(() => false);
    expect(place.deployment(1).state).toBe("failure");
  });

  it("does not take a build of a job made anew for its own", async () => {
    const place = await desk(DEPLOY);
    await looks(place, 2);
    expect(place.deployment(1).state).toBe("in_progress");
    jenkins.controller.remove("deploy");
    jenkins.controller.define(DEPLOY);
    buildOf(DEPLOY, "7");
    await looks(place, 1);
    jenkins.controller.finish("deploy", 1, "SUCCESS");
    await place.until(() => false);
    expect(place.deployment(1).state).toBe("error");
    expect(place.call(1).problem?.message).toContain("not known");
    expect(calls()).toBe(1);
  });
});

describe("where the job stands", () => {
  it.each(["/job/platform/job/app/job/feature%2Fx", "/job/platform/job/app/job/feature%252Fx"])(
    "finds its item in the queue of a multibranch job: %s",
    async (address) => {
      const job = { ...DEPLOY, name: "platform/app/feature%2Fx", oneAtATime: true };
      const place = await desk(job, address);
      buildOf(job, "7");
      jenkins.faults.add({ kind: "lost" }, { match: POST, times: 1 });
      await looks(place, 5);
      expect(place.call(1).description).toBe("In the queue");
      expect(calls()).toBe(1);
      jenkins.controller.finish(job.name, 1, "SUCCESS");
      await looks(place, 2);
      jenkins.controller.finish(job.name, 2, "SUCCESS");
      await place.until(() => false);
      expect(place.deployment(1).state).toBe("success");
    },
  );

  it("stays below the path that Jenkins stands on", async () => {
    const place = await desk(DEPLOY, "/job/deploy", { contextPath: "/ci/jenkins" });
    await looks(place, 2);
    jenkins.controller.finish("deploy", 1, "SUCCESS");
    await place.until(() => false);
    expect(place.deployment(1).state).toBe("success");
    expect(place.deployment(1).log).toBe(`${jenkins.url}/job/deploy/1/console`);
    expect(calls()).toBe(1);
  });
});

describe("a build that does not come to its end in time", () => {
  it("in a throttled queue is told with why it waits, once, and followed when it starts after all", async () => {
    const place = await desk({ ...DEPLOY, oneAtATime: true });
    buildOf({ ...DEPLOY, oneAtATime: true }, "7");
    await place.until(() => place.deployment(1).state === "error");
    expect(elapsed(place)).toBeGreaterThan(HOUR_MS);
    expect(place.call(1).problem?.message).toContain("Build #1 is already in progress");
    await looks(place, 20);
    expect(place.deployment(1).state).toBe("error");
    expect(place.comments).toHaveLength(1);
    jenkins.controller.finish("deploy", 1, "SUCCESS");
    await place.until(() => place.deployment(1).state === "in_progress");
    jenkins.controller.finish("deploy", 2, "SUCCESS");
    await place.until(() => false);
    expect(place.deployment(1).state).toBe("success");
    expect(calls()).toBe(1);
  });

  it("in a throttled queue for ever has one end", async () => {
    const place = await desk({ ...DEPLOY, oneAtATime: true });
    buildOf({ ...DEPLOY, oneAtATime: true }, "7");
    await place.until(() => false);
    expect(place.statusLines.filter((line) => line.includes("error"))).toHaveLength(1);
    expect(place.deployment(1).state).toBe("error");
    expect(elapsed(place)).toBeLessThan(3 * HOUR_MS);
  });

  it("since it waits for somebody's input counts as what it becomes when it is let on", async () => {
    const place = await desk(DEPLOY);
    await place.until(() => place.deployment(1).state === "error");
    await looks(place, 3);
    expect(place.deployment(1).state).toBe("error");
    jenkins.controller.finish("deploy", 1, "SUCCESS");
    await place.until(() => false);
    expect(place.deployment(1).state).toBe("success");
    expect(calls()).toBe(1);
  });
});

describe("an answer to the call that starts no build", () => {
  it("since a plugin of Jenkins refuses it is told as that, and has an end within the hour", async () => {
    const place = await desk({ ...DEPLOY, refused: true });
    await place.reconcile();
    expect(place.call(1).problem?.help).toContain("plugin");
    await place.until(() => false);
    expect(place.deployment(1).state).toBe("error");
    expect(elapsed(place)).toBeLessThan(HOUR_MS);
  });

  it("that a login page gives with 200 is told, and is what it ends with", async () => {
    const place = await desk(DEPLOY);
    place.patience = { ...place.patience, unreachableForMs: HOUR_MS };
    jenkins.faults.add({ kind: "status", status: 200, body: "<html>Sign in</html>" }, { match: POST });
    await place.reconcile();
    expect(place.call(1).problem?.message).toContain("Answer 200");
    await place.until(() => false);
    expect(place.deployment(1).state).toBe("error");
    expect(place.call(1).problem?.message).toContain("Answer 200");
    expect(jenkins.controller.builds("deploy")).toEqual([]);
  });
});
