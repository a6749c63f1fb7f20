import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { DeployerCall, Deployment } from "../../../src/domain/model/deployment.ts";
import { parseReport, recordReport } from "../../../src/reconcile/deployment/report.ts";
import { basic, type Running, startServer, XPOSER } from "../../support/http-server.ts";

const AT = new Date("2026-01-02T03:04:05Z");

const DEPLOYMENT: Deployment = {
  repositoryId: 7,
  environment: "dev",
  sha: "a".repeat(40),
  pullRequest: 3,
  promotions: [],
  state: "queued",
  githubId: 99,
  deployers: ["config-jenkins"],
  createdAt: AT,
  changedAt: AT,
};

const JENKINS = basic("config-jenkins", "deploy it");

let server: Running;
let call: DeployerCall;

beforeEach(async () => {
  call = { deploymentId: 99, deployer: "config-jenkins", state: "called" };
  const store = {
    byGithubId: async (id: number) => (id === 99 ? DEPLOYMENT : undefined),
    calls: async () => [call],
    plan: async () => undefined,
    replaceCall: async (_known: DeployerCall, next: DeployerCall) => {
      call = next;
      return true;
    },
  };
  server = await startServer({
    onReport: async (about, body) => {
      const report = parseReport(body);
      return report.ok ? recordReport(about, report.value, store) : report;
    },
  });
});
afterEach(() => server.stop());

function say(body: unknown, { id = "99", headers = JENKINS as object } = {}): Promise<Response> {
  return fetch(`${server.url}/deployments/${id}/status`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

describe("a deployer's report", () => {
  test.each([
    ["in_progress", "running"],
    ["success", "done"],
    ["failure", "failed"],
    ["error", "failed"],
  ])("%s is noted", async (state, noted) => {
    const answer = await say({ state, log: "https://jenkins.example.com/1", description: "rolled out" });
    expect([answer.status, await answer.text()]).toEqual([204, ""]);
    expect(call).toMatchObject({ state: noted, log: "https://jenkins.example.com/1" });
  });

  test("may come twice, and late news of the beginning changes nothing", async () => {
    for (const state of ["in_progress", "success", "success", "in_progress"]) {
      expect((await say({ state })).status).toBe(204);
    }
    expect(call.state).toBe("done");
  });

  test.each<[string, unknown]>([
    ["an unknown state", { state: "done" }],
    ["no state", {}],
    ["a log that is no address", { state: "success", log: "javascript:alert(1)" }],
    ["more than it may say", { state: "success", sha: "x" }],
    ["no JSON", "state=success"],
    ["a list", []],
  ])("with %s is a 400", async (_, body) => {
    const answer = await say(body);
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: "malformed" }]);
    expect(call.state).toBe("called");
  });
});

describe("who may not report", () => {
  test.each<[string, object, number]>([
    ["a publisher", XPOSER, 401],
    ["nobody", {}, 401],
    ["a deployer with a wrong secret", basic("config-jenkins", "x"), 401],
    ["another deployer", basic("other", "deploy that"), 403],
  ])("%s: refused, logged once, nothing noted", async (_, headers, status) => {
    expect((await say({ state: "success" }, { headers })).status).toBe(status);
    expect(server.refusals()).toHaveLength(1);
    expect(call.state).toBe("called");
  });

  test("a deployer announcing a publish: 401, logged once, nothing stored", async () => {
    const answer = await fetch(`${server.url}/publish`, {
      method: "POST",
      headers: { "content-type": "application/json", ...JENKINS },
      body: JSON.stringify({ chart: "xposer", version: "1.0.0" }),
    });
    expect(answer.status).toBe(401);
    expect(server.refusals()).toHaveLength(1);
    expect(server.records.all()).toEqual([]);
  });

  test.each(["100", "0", "x", "99.0", "9".repeat(30), "%00"])("deployment %s: 404", async (id) => {
    expect((await say({ state: "success" }, { id })).status).toBe(404);
  });
});
