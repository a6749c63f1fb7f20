// A test bed whose environment is watched: a deployer that takes every call, says how it went, and looks at a cluster.

import type { Recipient } from "../../../src/domain/model/config/settings.ts";
import type { Deployment, Issue } from "../../../src/sandbox/github/world/records.ts";
import { CONFIG_REPOSITORY, configRepository } from "../../../src/sandbox/test-bed.ts";
import { type DeploymentCall, deploymentCall, startHook } from "../../support/hook.ts";
import { closeAfterwards, live, published, testBed } from "../setting.ts";

/** What the deployer was told, in order. */
export const calls: DeploymentCall[] = [];

/** `drift`: as in the config file, in one line. */
export function driftConfig(drift: string, more = ""): string {
  return `environments:\n  dev:\n    path: dev\n    deploy: [hook]\n    drift: ${drift}\n${more}`;
}

export async function watchedTestBed(config: string, recipients: readonly Recipient[] = []): Promise<void> {
  calls.length = 0;
  const hook = await startHook((body) => calls.push(deploymentCall(body)));
  closeAfterwards(() => hook.close());
  const url = `${hook.url}/hook`;
  const deployer = { kind: "webhook", url, repositories: ["*/*"] } as const;
  await live({
    files: { ...configRepository(), ".github/chart-promoter.yml": config },
    recipients,
    deployers: [
      { ...deployer, name: "hook", secret: "hook-secret" },
      { ...deployer, name: "other", secret: "other-secret" },
    ],
  });
}

export async function configure(config: string): Promise<void> {
  testBed.alice.push(CONFIG_REPOSITORY, {
    branch: "main",
    files: { ".github/chart-promoter.yml": config },
  });
  await testBed.waitUntilIdle();
}

/** As the deployer; answers the status and the body. */
export async function call(path: string, body?: unknown, as: { who?: string; secret?: string } = {}) {
  const { who = "hook", secret = `${who}-secret` } = as;
  const answer = await fetch(`${testBed.url()}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Basic ${Buffer.from(`${who}:${secret}`).toString("base64")}`,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  await testBed.waitUntilIdle();
  return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
}

export async function ended(id: number, state: string, description?: string): Promise<void> {
  await call(`/deployments/${id}/status`, { state, ...(description !== undefined && { description }) });
}

/** Publishes a version, merges its promotion, and has the deployer succeed; answers the deployment. */
export async function deployed(version = "1.0.1"): Promise<Deployment> {
  await merged(version);
  const deployment = newestDeployment();
  await ended(deployment.id, "success");
  return newestDeployment();
}

export async function merged(version: string): Promise<void> {
  await published(version);
  const open = testBed
    .repository()
    .pulls()
    .find(({ state }) => state === "open");
  testBed.alice.merge(CONFIG_REPOSITORY, open?.number ?? 0);
  await testBed.waitUntilIdle();
}

export function deployments(task?: string): readonly Deployment[] {
  return [...testBed.repository().deployments.values()].filter(
    (one) => task === undefined || one.task === task,
  );
}

export function newestDeployment(): Deployment {
  const newest = deployments().at(-1);
  if (!newest) throw new Error("there is no deployment");
  return newest;
}

/** Somebody scaled `web`. */
export const SCALED = {
  ...{ kind: "Deployment", namespace: "dev", name: "web", change: "changed" },
  ...{ fields: ["spec.replicas"], manager: "kubectl-scale" },
};

/** The deployer reports on a deployment; answers the status and the body. */
export function drifted({ id, oid }: Deployment, resources: readonly object[] = [SCALED]) {
  return call(`/deployments/${id}/drift`, { revision: oid, resources });
}

export function issues(): readonly Issue[] {
  return [...testBed.repository().threads.values()].filter((thread) => thread.kind === "issue");
}

/** The open issue about `dev`, without what is hidden in it. */
export function issueBody(): string | undefined {
  const open = issues().filter(({ state, title }) => state === "open" && title === "Drift in dev");
  if (open.length > 1) throw new Error("there is more than one issue");
  return open[0]?.body.replace(/<!--.*?-->/gs, "");
}
