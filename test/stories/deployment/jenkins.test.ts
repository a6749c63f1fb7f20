// A Jenkins job as people keep it: parameters forgotten, builds that wait for somebody, builds started again by hand.

import { expect, test } from "@jest/globals";
import type { JobDefinition } from "../../../src/sandbox/jenkins/controller.ts";
import { type Jenkins, startJenkins } from "../../../src/sandbox/jenkins/jenkins.ts";
import { CONFIG_REPOSITORY, configRepository } from "../../../src/sandbox/test-bed.ts";
import { DEPLOY_PARAMETERS, jobDeclaring } from "../../support/jenkins-job.ts";
import { closeAfterwards, live, pass, published, testBed, until } from "../setting.ts";

async function jenkinsTestBed(job: JobDefinition, timeoutMs?: number): Promise<Jenkins> {
  const jenkins = await startJenkins({ users: [{ name: "bot", token: "t0k3n" }], jobs: [job] });
  closeAfterwards(() => jenkins.stop());
  await live({
    files: {
      ...configRepository(),
      ".github/chart-promoter.yml": "environments:\n  dev:\n    path: dev\n    deploy: [ci]\n",
    },
    deployers: [
      {
        ...{ kind: "jenkins", name: "ci", job: jenkins.jobUrl("deploy"), username: "bot", token: "t0k3n" },
        ...{ secret: "s3", repositories: ["*/*"] },
        ...(timeoutMs !== undefined && { timeoutMs }),
      },
    ],
  });
  return jenkins;
}

function comments(): readonly string[] {
  return [...testBed.repository().comments.values()].map(({ body }) => body);
}

function lastStatus() {
  return [...testBed.repository().deployments.values()][0]?.statuses.at(-1);
}

async function mergedVersion(): Promise<string> {
  const id = await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  return id;
}

test("a job without DEPLOYMENT_ID is told of by name and not called; once it declares it, it is built once", async () => {
  const jenkins = await jenkinsTestBed(
    jobDeclaring(DEPLOY_PARAMETERS.filter((name) => name !== "DEPLOYMENT_ID")),
  );
  await mergedVersion();
  await until(() => lastStatus()?.description?.includes("DEPLOYMENT_ID") === true);
  expect(lastStatus()?.state).toBe("queued");
  expect(jenkins.requests.filter(({ method }) => method === "POST")).toEqual([]);
  jenkins.controller.define(jobDeclaring(DEPLOY_PARAMETERS));
  await until(() => lastStatus()?.state === "in_progress");
  expect(jenkins.controller.builds("deploy")).toHaveLength(1);
});

test("a job whose choices lack the environment is told of by name and not called; once it offers it, it is built once", async () => {
  const job = jobDeclaring(DEPLOY_PARAMETERS);
  const jenkins = await jenkinsTestBed({ ...job, choices: { ENVIRONMENT: ["staging", "prod"] } });
  await mergedVersion();
  await until(() => lastStatus()?.description?.includes('does not offer "dev" as ENVIRONMENT') === true);
  expect(lastStatus()?.state).toBe("queued");
  expect(jenkins.requests.filter(({ method }) => method === "POST")).toEqual([]);
  jenkins.controller.define({ ...job, choices: { ENVIRONMENT: ["dev", "staging", "prod"] } });
  await until(() => lastStatus()?.state === "in_progress");
  expect(jenkins.controller.builds("deploy")).toHaveLength(1);
});

test("a build that outlasts the deployer's timeout ends as an error; a rebuild by hand is followed to its success", async () => {
  const jenkins = await jenkinsTestBed(jobDeclaring(DEPLOY_PARAMETERS), 3 * 60_000);
  const id = await mergedVersion();
  await until(() => lastStatus()?.state === "in_progress");
  await pass(3 * 60_000);
  await until(() => lastStatus()?.state === "error");
  expect(lastStatus()?.description).toContain("3 minutes");
  jenkins.controller.abort("deploy", 1);
  jenkins.controller.rebuild("deploy", 1);
  await until(() => lastStatus()?.state === "in_progress");
  jenkins.controller.finish("deploy", 2, "SUCCESS");
  await until(() => lastStatus()?.state === "success");
  const { promotions } = await testBed.publishState(id);
  expect(promotions.map(({ state }) => state)).toEqual(["deployed"]);
  await until(() => comments().some((body) => body.includes("failed at first")));
  expect(comments()).toEqual([expect.stringContaining("failed at first. Its deployer reported success at")]);
});

test("a build that failed and was started again by hand is told as overcome, and as failed where that fails as well", async () => {
  const jenkins = await jenkinsTestBed(jobDeclaring(DEPLOY_PARAMETERS));
  const id = await mergedVersion();
  await until(() => lastStatus()?.state === "in_progress");
  jenkins.controller.finish("deploy", 1, "FAILURE");
  await until(() => lastStatus()?.state === "failure");
  expect(comments()).toEqual([expect.stringMatching(/Deploying `\w+` to `dev` failed\.\n/)]);
  jenkins.controller.rebuild("deploy", 1);
  await until(() => lastStatus()?.state === "in_progress");
  jenkins.controller.finish("deploy", 2, "SUCCESS");
  await until(() => lastStatus()?.state === "success");
  await until(() => comments().some((body) => body.includes("failed at first")));
  expect(comments()).toEqual([expect.stringContaining("failed at first. Its deployer reported success at")]);
  expect((await testBed.publishState(id)).promotions.map(({ state }) => state)).toEqual(["deployed"]);
  expect(jenkins.controller.builds("deploy")).toHaveLength(2);
});

test("a job that is renamed while its build runs is followed under its new name, and built once", async () => {
  const jenkins = await jenkinsTestBed(jobDeclaring(DEPLOY_PARAMETERS));
  const id = await mergedVersion();
  await until(() => lastStatus()?.state === "in_progress");
  jenkins.controller.forget("left");
  jenkins.controller.rename("deploy", "deploy-all");
  await pass(20_000);
  await testBed.restart();
  await pass(20_000);
  expect(lastStatus()).toMatchObject({ state: "in_progress", description: expect.stringContaining("404") });
  const [deployer] = testBed.settings.deployers;
  if (deployer?.kind !== "jenkins") throw new Error("no deployer");
  await testBed.restartWith({ deployers: [{ ...deployer, job: jenkins.jobUrl("deploy-all") }] });
  await until(() => lastStatus()?.description === "ci: Build 1 is running");
  jenkins.controller.finish("deploy-all", 1, "SUCCESS");
  await until(() => lastStatus()?.state === "success");
  expect((await testBed.publishState(id)).promotions.map(({ state }) => state)).toEqual(["deployed"]);
  expect(jenkins.controller.builds("deploy-all")).toHaveLength(1);
});

test("a deployer that leaves server.yaml while its Jenkins is down is waited for, and called when it is back", async () => {
  const jenkins = await jenkinsTestBed(jobDeclaring(DEPLOY_PARAMETERS));
  const { deployers } = testBed.settings;
  await jenkins.down();
  const id = await mergedVersion();
  await until(() => lastStatus()?.description?.includes("No answer") === true);
  await testBed.restartWith({ deployers: [] });
  await until(() => lastStatus()?.description?.includes("cannot be read") === true);
  await pass(2 * 60_000);
  expect(lastStatus()).toMatchObject({
    state: "queued",
    description: "ci: .github/chart-promoter.yml cannot be read, and it says whom to call.",
  });
  expect(comments()).toEqual([]);
  const states = async () => (await testBed.publishState(id)).promotions.map(({ state }) => state);
  expect(await states()).toEqual(["deploying"]);
  await jenkins.up();
  await testBed.restartWith({ deployers });
  await until(() => lastStatus()?.description === "ci: Build 1 is running");
  await testBed.restartWith({ deployers: [] });
  await pass(60_000);
  expect(lastStatus()?.state).toBe("in_progress");
  jenkins.controller.finish("deploy", 1, "SUCCESS");
  await testBed.restartWith({ deployers });
  await until(() => lastStatus()?.state === "success");
  expect(await states()).toEqual(["deployed"]);
  expect(comments()).toEqual([]);
  expect(jenkins.controller.builds("deploy")).toHaveLength(1);
});

test("a build that runs is followed to its end although its environment leaves the config", async () => {
  const jenkins = await jenkinsTestBed(jobDeclaring(DEPLOY_PARAMETERS));
  await mergedVersion();
  await until(() => lastStatus()?.description === "ci: Build 1 is running");
  const config = "environments:\n  live:\n    path: dev\n";
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { ".github/chart-promoter.yml": config } });
  await pass(60_000);
  expect(lastStatus()?.description).toBe("ci: Build 1 is running");
  jenkins.controller.finish("deploy", 1, "SUCCESS");
  await until(() => lastStatus()?.state === "success");
});

test("a build that is nowhere once server.yaml names another job is not called deleted: how it ended is not known", async () => {
  const jenkins = await jenkinsTestBed(jobDeclaring(DEPLOY_PARAMETERS));
  await mergedVersion();
  await until(() => lastStatus()?.description === "ci: Build 1 is running");
  jenkins.controller.define({ ...jobDeclaring(DEPLOY_PARAMETERS), name: "another" });
  jenkins.controller.deleteBuild("deploy", 1);
  const [deployer] = testBed.settings.deployers;
  if (deployer?.kind !== "jenkins") throw new Error("no deployer");
  await testBed.restartWith({ deployers: [{ ...deployer, job: jenkins.jobUrl("another") }] });
  await until(() => lastStatus()?.state === "error");
  const [message = ""] = comments();
  expect(message).toContain(
    "/job/another`, which server.yaml names now, shows no other build of this deployment",
  );
  expect(message).toContain("how it ended is not known");
  expect(message).not.toContain("deleted");
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/redeploy");
  await until(() => jenkins.controller.builds("another").length === 1);
});
