// Deployments and their statuses as GitHub is told them.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { Deployment } from "../../../src/domain/model/deployment.ts";
import { failureOf, leave, NOW, place } from "./place.ts";

let at: ReturnType<typeof place>;

beforeEach(() => {
  at = place();
  at.grants("ghs_1");
});
afterEach(leave);

const SHA = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
const deployment: Deployment = {
  ...{ repositoryId: 1, state: "creating", deployers: [], createdAt: NOW, changedAt: NOW },
  sha: SHA,
  environment: "production",
  pullRequest: 12,
  promotions: [{ chart: "xposer", from: "1.0.0", to: "1.1.0" }],
};

test("a deployment pins the merge commit, merges nothing and waits for no check", async () => {
  const body = {
    ref: SHA,
    task: "deploy",
    auto_merge: false,
    required_contexts: [],
    environment: "production",
    payload: { promotions: [{ chart: "xposer", from: "1.0.0", to: "1.1.0" }], pullRequest: 12 },
    description: "xposer 1.0.0 → 1.1.0 (#12)",
  };
  at.rest.post("/repos/acme/config/deployments", body).reply(201, { id: 99 });
  expect(await at.github.createDeployment(deployment)).toBe(99);
  expect(at.requests).toEqual(["rest 201"]);
});

test("202 says that GitHub merged instead, and 409 that it would not: neither is a deployment", async () => {
  const path = "/repos/acme/config/deployments";
  at.rest.post(path).reply(202, { message: "Auto-merged main into production" });
  expect(await failureOf(at.github.createDeployment(deployment))).toMatchObject({
    ...{ kind: "refused", status: 202 },
  });
  at.rest.post(path).reply(409, { message: "Conflict merging main" });
  expect(await failureOf(at.github.createDeployment(deployment))).toMatchObject({
    ...{ kind: "refused", status: 409 },
  });
});

test("a status names its log, and makes the earlier deployments of the environment inactive", async () => {
  const body = {
    state: "success",
    auto_inactive: true,
    log_url: "https://jenkins.example.com/job/deploy/7/",
    description: "Deployed",
  };
  at.rest.post("/repos/acme/config/deployments/99/statuses", body).reply(201, {});
  await at.github.setDeploymentStatus(99, { state: "success", log: body.log_url, description: "Deployed" });
});

test("a status without more says only its state", async () => {
  const body = { state: "in_progress", auto_inactive: true };
  at.rest.post("/repos/acme/config/deployments/99/statuses", body).reply(201, {});
  await at.github.setDeploymentStatus(99, { state: "in_progress" });
});
