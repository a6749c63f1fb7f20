import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { JobDefinition } from "../../../src/sandbox/jenkins/controller.ts";
import { type Jenkins, startJenkins } from "../../../src/sandbox/jenkins/jenkins.ts";
import { Desk } from "../../reconcile/deployment/desk.ts";
import { DECLARED as parameters } from "../../support/jenkins-job.ts";

const jobs: readonly JobDefinition[] = [
  { name: "hanging", parameters },
  { name: "queueing", parameters, oneAtATime: true },
  { name: "platform/eu west/deploy", parameters, run: async () => ({ result: "SUCCESS" }) },
  { name: "disabled", parameters, disabled: true },
];
const post = /^POST .*buildWithParameters/;

let jenkins: Jenkins;
beforeEach(async () => {
  jenkins = await startJenkins({
    users: [
      { name: "bot", token: "t0k3n", password: "hunter2" },
      { name: "reader", token: "r", mayBuild: false },
      { name: "blind", token: "b", mayRead: false },
    ],
    jobs,
  });
});
afterEach(() => jenkins.stop());

function desk(job = "hanging", who: { username?: string; token?: string; url?: string } = {}): Desk {
  const { username = "bot", token = "t0k3n", url = jenkins.jobUrl(job) } = who;
  const deployer = {
    kind: "jenkins",
    name: "ci",
    job: url,
    username,
    token,
    secret: "s",
    repositories: ["*/*"],
  } as const;
  const place = new Desk([deployer], 500);
  place.merge({ githubId: 1, position: 1 });
  return place;
}

function posts(): readonly URLSearchParams[] {
  return jenkins.answered
    .filter(({ request }) => request.method === "POST")
    .map(({ request }) => new URLSearchParams(request.body.toString()));
}

/** One look, and the time for Jenkins to take what it was given out of its queue. */
async function poll(place: Desk, times = 1): Promise<void> {
  let looks = 0;
  await place.until(() => {
    looks += 1;
    return looks >= times;
  });
}

describe("a call that goes well", () => {
  it("carries the six parameters, and the token without having been asked for it", async () => {
    await desk().reconcile();
    expect(posts().map((body) => Object.fromEntries(body))).toEqual([
      {
        REPOSITORY: "acme/config",
        ENVIRONMENT: "dev",
        PATH_IN_REPOSITORY: "dev",
        REVISION: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1",
        DEPLOYMENT_ID: "1",
        CHARTS: "xposer=1.0.1",
      },
    ]);
    expect(jenkins.answered.map(({ reply }) => reply.status)).toEqual([200, 200, 201]);
  });

  it("follows the queue item, then the build, through folders with spaces, to success", async () => {
    const place = desk("platform/eu west/deploy");
    await place.until(() => false);
    const log = `${jenkins.url}/job/platform/job/eu%20west/job/deploy/1/console`;
    expect(place.deployment(1)).toMatchObject({ state: "success", log });
    expect(place.statusLines).toEqual(["1 queued: ci: called", "1 success: ci: Build 1 ended with SUCCESS"]);
    expect(place.statuses.at(-1)?.logUrl).toBe(log);
    expect(place.comments).toEqual([]);
  });

  it("says that it waits in the queue, then that it runs", async () => {
    const queueing = jobs[1];
    if (queueing === undefined) throw new Error("no such job");
    jenkins.controller.enqueue(queueing, new Map(), 0);
    const place = desk("queueing");
    await poll(place, 3);
    expect(place.call(1).state).toBe("called");
    jenkins.controller.finish("queueing", 1, "SUCCESS");
    await poll(place, 2);
    expect(place.statusLines).toEqual([
      "1 queued: ci: called",
      "1 queued: ci: In the queue",
      "1 in_progress: ci: Build 2 is running",
    ]);
  });

  it.each([
    ["SUCCESS", "success"],
    ["FAILURE", "failure"],
    ["UNSTABLE", "failure"],
    ["ABORTED", "error"],
    ["NOT_BUILT", "error"],
  ] as const)("takes a build that ends with %s as %s", async (result, state) => {
    const place = desk();
    await poll(place, 2);
    jenkins.controller.finish("hanging", 1, result);
    await place.until(() => false);
    expect(place.deployment(1).state).toBe(state);
    expect(place.comments).toHaveLength(state === "success" ? 0 : 1);
  });

  it("stays with the address in server.yaml, whatever Jenkins believes its own to be", async () => {
    await jenkins.stop();
    jenkins = await startJenkins({
      users: [{ name: "bot", token: "t0k3n" }],
      jobs,
      rootUrl: "https://jenkins.example.com",
    });
    const place = desk("platform/eu west/deploy");
    await place.until(() => false);
    expect(place.deployment(1)).toMatchObject({
      state: "success",
      log: "https://jenkins.example.com/job/platform/job/eu%20west/job/deploy/1/console",
    });
  });
});

describe("a call that is refused", () => {
  it.each([
    ["401, a wrong token", 401, () => desk("hanging", { token: "wrong" })],
    ["403, no permission to build", 403, () => desk("hanging", { username: "reader", token: "r" })],
    ["403, no crumb for a password", 403, () => desk("hanging", { token: "hunter2" })],
    ["404, no permission to see the job", 404, () => desk("hanging", { username: "blind", token: "b" })],
    ["404, no such job", 404, () => desk("missing")],
    ["409, a disabled job", 409, () => desk("disabled")],
  ])("is shown at once and becomes an error after a quarter of an hour: %s", async (_case, status, open) => {
    const place = open();
    await place.reconcile();
    expect(place.call(1)).toMatchObject({ state: "waiting", problem: { code: "deployer-refused" } });
    expect(place.statusLines).toEqual([
      expect.stringMatching(new RegExp(`^1 queued: ci: Answer ${status} from ci`)),
    ]);
    await place.until(() => false);
    expect(place.deployment(1).state).toBe("error");
    expect(place.now.getTime() - Date.parse("2026-11-25T10:00:00Z")).toBeGreaterThan(15 * 60_000);
    expect(jenkins.controller.queue).toEqual([]);
    expect(place.comments).toHaveLength(1);
  });

  it("says how a password can be replaced when a crumb is missing", async () => {
    const place = desk("hanging", { token: "hunter2" });
    await place.reconcile();
    expect(place.call(1).problem?.help).toMatch(/API token/);
  });

  it("does not follow a redirect to a login page, nor to another origin", async () => {
    const place = desk();
    for (const location of ["/login?from=%2Fjob", "https://sso.example.com/authorize"])
      jenkins.faults.add({ kind: "status", status: 302, headers: { location } }, { match: post, times: 1 });
    await place.reconcile();
    expect(place.call(1)).toMatchObject({ state: "waiting", problem: { code: "deployer-refused" } });
    await poll(place);
    expect(jenkins.requests.some(({ path }) => path.startsWith("/login"))).toBe(false);
    await poll(place, 3);
    expect(place.deployment(1).state).toBe("in_progress");
    expect(posts()).toHaveLength(1);
  });

  it("recognises a login page that answers 200", async () => {
    jenkins.faults.add({ kind: "status", status: 200, body: "<html>Sign in</html>" });
    const place = desk();
    await place.reconcile();
    expect(place.call(1).problem?.message).toMatch(/not what Jenkins' JSON API gives/);
  });

  it("goes on by itself once somebody has put it right", async () => {
    const place = desk();
    jenkins.faults.add({ kind: "status", status: 403 }, { match: post, times: 2 });
    await poll(place, 4);
    expect(place.deployment(1).state).toBe("in_progress");
    expect(place.call(1).problem).toBeUndefined();
  });
});

describe("an outage", () => {
  it("is waited out for a day and then deploys, once", async () => {
    const place = desk();
    await jenkins.down();
    await place.until(() => place.now.getTime() > Date.parse("2026-11-26T10:00:00Z"));
    expect(place.call(1)).toMatchObject({ state: "waiting", problem: { code: "deployer-unreachable" } });
    await jenkins.up();
    await poll(place, 2);
    expect(place.deployment(1).state).toBe("in_progress");
    expect(posts()).toHaveLength(1);
    expect(place.statusLines).toHaveLength(3);
  });

  it("becomes an error after three days", async () => {
    const place = desk();
    await jenkins.down();
    await place.until(() => false);
    expect(place.deployment(1)).toMatchObject({ state: "error" });
    await jenkins.up();
  });

  it("asks again no sooner than Retry-After says", async () => {
    const place = desk();
    const headers = { "retry-after": "120" };
    jenkins.faults.add({ kind: "status", status: 503, headers }, { times: 1 });
    const { requeueAt: next } = await place.reconcile();
    expect(next).toEqual(new Date("2026-11-25T10:02:00Z"));
  });

  it.each(["reset", "lost", "timeout", "truncated"] as const)(
    "in the middle of the call (%s) starts one build all the same",
    async (kind) => {
      const place = desk();
      jenkins.faults.add({ kind }, { match: post, times: 1 });
      await poll(place, 6);
      expect(place.deployment(1).state).toBe("in_progress");
      expect(jenkins.controller.builds("hanging")).toHaveLength(1);
      expect(posts()).toHaveLength(1);
    },
  );

  it.each([500, 502, 503, 504])(
    "answers the call with %i and starts one build all the same",
    async (status) => {
      const place = desk();
      jenkins.faults.add({ kind: "status", status }, { match: post, times: 1 });
      await poll(place, 6);
      expect(place.deployment(1).state).toBe("in_progress");
      expect(jenkins.controller.builds("hanging")).toHaveLength(1);
    },
  );

  it("does not believe too soon that a call without an answer was lost", async () => {
    const place = desk();
    jenkins.faults.add({ kind: "reset" }, { match: post, times: 1 });
    await place.reconcile();
    place.later(5000);
    await place.reconcile();
    expect(place.call(1).state).toBe("called");
    expect(posts()).toHaveLength(0);
  });

  it("while a build runs only delays the news", async () => {
    const place = desk();
    await poll(place, 2);
    await jenkins.down();
    await poll(place, 5);
    expect(place.deployment(1)).toMatchObject({ state: "in_progress" });
    expect(place.call(1).problem?.code).toBe("deployer-unreachable");
    await jenkins.up();
    jenkins.controller.finish("hanging", 1, "SUCCESS");
    await poll(place, 2);
    expect(place.deployment(1)).toMatchObject({ state: "success" });
  });

  it("between making the call durable and its answer leads to no second build", async () => {
    const place = desk();
    await poll(place);
    const [saved] = place.saved;
    expect(saved).toMatchObject({ state: "called" });
    expect(saved?.url).toBeUndefined();
    if (saved !== undefined) await place.ports.deployments.replaceCall(place.call(1), saved);
    await poll(place, 3);
    expect(place.deployment(1).state).toBe("in_progress");
    expect(posts()).toHaveLength(1);
  });
});

describe("things that Jenkins loses or that people do there", () => {
  it("finds the build of a queue item that Jenkins has forgotten", async () => {
    const place = desk();
    await poll(place);
    jenkins.controller.forget("left");
    await poll(place);
    expect(place.call(1)).toMatchObject({ state: "running", url: `${jenkins.jobUrl("hanging")}/1/` });
  });

  it("calls again when a crash of Jenkins lost the queue", async () => {
    const queueing = jobs[1];
    if (queueing === undefined) throw new Error("no such job");
    jenkins.controller.enqueue(queueing, new Map(), 0);
    const place = desk("queueing");
    await poll(place, 2);
    jenkins.controller.forget("queue");
    jenkins.controller.finish("queueing", 1, "FAILURE");
    await poll(place, 12);
    expect(place.deployment(1).state).toBe("in_progress");
    expect(posts()).toHaveLength(2);
  });

  it("is not asked for a deployment it has already, although our record of the call is gone", async () => {
    const hanging = jobs[0];
    if (hanging === undefined) throw new Error("no such job");
    jenkins.controller.enqueue(hanging, new Map([["DEPLOYMENT_ID", "1"]]), 0);
    const place = desk();
    await poll(place, 2);
    expect(place.deployment(1).state).toBe("in_progress");
    expect(posts()).toEqual([]);
  });

  it("finds the queue item when the answer names none", async () => {
    const place = desk();
    jenkins.faults.add({ kind: "lost" }, { match: post, times: 1 });
    await poll(place, 3);
    expect(place.call(1).state).toBe("running");
  });

  it("takes a cancelled queue item as an error", async () => {
    const queueing = jobs[1];
    if (queueing === undefined) throw new Error("no such job");
    jenkins.controller.enqueue(queueing, new Map(), 0);
    const place = desk("queueing");
    await poll(place, 2);
    jenkins.controller.cancel(2);
    await place.until(() => false);
    expect(place.statusLines.at(-1)).toBe("1 error: ci: The queued build at ci was cancelled.");
  });

  it("takes a deleted build as an error and does not start another", async () => {
    const place = desk();
    await poll(place, 2);
    jenkins.controller.deleteBuild("hanging", 1);
    await place.until(() => false);
    expect(place.deployment(1).state).toBe("error");
    expect(posts()).toHaveLength(1);
  });

  it("does not take a build for deleted because a proxy answers 404 while Jenkins restarts", async () => {
    const place = desk();
    await poll(place, 2);
    jenkins.faults.add({ kind: "status", status: 404 }, { times: 4 });
    await poll(place, 3);
    expect(place.deployment(1).state).toBe("in_progress");
    jenkins.controller.finish("hanging", 1, "SUCCESS");
    await place.until(() => false);
    expect(place.deployment(1).state).toBe("success");
  });

  it("takes a build that never ends as an error after an hour; a late report still counts", async () => {
    const place = desk();
    await place.until(() => false);
    expect(place.call(1).problem?.code).toBe("deployer-silent");
    expect(place.deployment(1).state).toBe("error");
    await place.report(1, "ci", { state: "success", description: "slow but done" });
    await place.reconcile();
    expect(place.statusLines.at(-1)).toBe("1 success: ci: slow but done");
  });

  it("does not mistake another job's build of the same deployment for its own", async () => {
    const other = jobs[1];
    if (other === undefined) throw new Error("no such job");
    jenkins.controller.enqueue(other, new Map([["DEPLOYMENT_ID", "1"]]), 60_000);
    await desk().reconcile();
    expect(posts()).toHaveLength(1);
  });
});
