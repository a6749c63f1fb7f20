import { describe, expect, it } from "@jest/globals";
import type { DeployerCall } from "../../../src/domain/model/deployment.ts";
import { noted, parseReport, type Report } from "../../../src/reconcile/deployment/report.ts";
import { start } from "./desk.ts";

describe("parseReport", () => {
  it.each([
    [{ state: "in_progress" }],
    [{ state: "success", log: "https://j.example/1/console", description: "done" }],
    [{ state: "failure", log: "http://j.example/1" }],
    [{ state: "error" }],
  ])("takes %j", (body) => {
    expect(parseReport(body)).toEqual({ ok: true, value: body });
  });

  it.each([
    [undefined, 1],
    ["success", 1],
    [{}, 1],
    [{ state: "queued" }, 1],
    [{ state: "success", log: "javascript:alert(1)" }, 1],
    [{ state: "success", log: 3, description: 4 }, 2],
    [{ state: "success", logs: "https://j.example" }, 1],
    [{ state: "success", description: "x".repeat(1001) }, 1],
  ])("refuses %j", (body, problems) => {
    const result = parseReport(body);
    expect(result.ok ? [] : result.problems.map(({ code }) => code)).toEqual(
      Array.from({ length: problems }, () => "malformed"),
    );
  });
});

describe("a report on a call", () => {
  const waiting: DeployerCall = { deploymentId: 1, deployer: "ci", state: "waiting" };
  const silent: DeployerCall = {
    ...waiting,
    state: "failed",
    problem: { code: "deployer-silent", message: "m", help: "h" },
  };
  it.each([
    ["in_progress", waiting, "running"],
    ["success", waiting, "done"],
    ["success", silent, "done"],
    ["failure", { ...waiting, state: "running" }, "failed"],
    ["in_progress", { ...waiting, state: "done" }, "done"],
    ["error", { ...waiting, state: "called" }, "failed"],
  ] as const)("%s on %j makes it %s", (state, call, expected) => {
    const next = noted(call, { state }, start);
    expect(next.state).toBe(expected);
    expect(next.problem !== undefined).toBe(state === "error");
  });

  it("keeps the log's address when the next report names none", () => {
    const facts: Report = { state: "in_progress", log: "https://j.example/1" };
    expect(noted(noted(waiting, facts, start), { state: "success" }, start).log).toBe("https://j.example/1");
  });
});
