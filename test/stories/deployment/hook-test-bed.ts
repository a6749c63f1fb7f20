// A test bed whose config names a webhook deployer, what that was called for, and what it reports.

import type { Settings } from "../../../src/domain/model/config/settings.ts";
import { configRepository } from "../../../src/sandbox/test-bed.ts";
import { type DeploymentCall, deploymentCall, startHook } from "../../support/hook.ts";
import { closeAfterwards, live, testBed } from "../setting.ts";

/** `dev success failed …`: the statuses of each deployment, oldest first. */
export function statuses(): readonly string[] {
  return [...testBed.repository().deployments.values()].map(({ environment, statuses: history }) =>
    [environment, ...history.map(({ state }) => state)].join(" "),
  );
}

export function comments(): readonly string[] {
  return [...testBed.repository().comments.values()].map(({ body }) => body);
}

export function withConfig(config: string) {
  return { ...configRepository(), ".github/chart-promoter.yml": config };
}

/** A deployer that takes every call and remembers it. */
export async function hookTestBed(
  config: string,
  files = withConfig(config),
  others: Settings["deployers"] = [],
) {
  const calls: DeploymentCall[] = [];
  const hook = await startHook((body) => calls.push(deploymentCall(body)));
  closeAfterwards(() => hook.close());
  const url = `${hook.url}/hook`;
  await live({
    files,
    deployers: [
      { kind: "webhook", name: "hook", url, secret: "hook-secret", repositories: ["*/*"] },
      ...others,
    ],
  });
  return calls;
}

/** `by`: name and secret. */
export async function report(id: number | undefined, body: object, by = "hook:hook-secret"): Promise<number> {
  const answer = await fetch(`${testBed.url()}/deployments/${id}/status`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Basic ${Buffer.from(by).toString("base64")}`,
    },
    body: JSON.stringify(body),
  });
  await testBed.waitUntilIdle();
  return answer.status;
}
