// The demo's last part: somebody changes the cluster by hand, the deployer reports the drift, and the same commit is
// deployed again.

import { setTimeout as sleep } from "node:timers/promises";
import type { Deployment, Issue } from "../github/world/records.ts";
import type { Repository } from "../github/world/repositories/repository.ts";
import type { DemoDeployer } from "./deployer.ts";
import * as screen from "./screen.ts";

export interface DriftStage {
  readonly bot: string;
  readonly deployer: DemoDeployer;
  readonly repository: () => Repository;
  /** The commit that was deployed. */
  readonly sha: string;
}

export async function healDrift(stage: DriftStage): Promise<void> {
  screen.heading("Somebody scales the Deployment by hand");
  screen.found(await stage.deployer.scale("dev-xposer", 7));
  await screen.step("the deployer looks at what it is asked to watch, and reports", () => observe(stage));
  const issue = await until("no issue tells of the drift", () => openIssue(stage));
  screen.found(`issue #${issue.number}: ${issue.title}`);
  screen.quote(issue.body.replace(/<!--.*?-->\n?/gs, ""));
  const heal = await screen.step("wait for the heal", () =>
    until("nothing heals it", () => succeededHeal(stage)),
  );
  if (heal.oid !== stage.sha) throw new Error(`the heal is of ${heal.oid}`);
  screen.found(`deployment ${heal.id}, task heal, of the same commit: ${JSON.stringify(heal.payload)}`);
  await screen.step("the deployer looks again", () => observe(stage));
  await until("the issue stays open", () => (openIssue(stage) ? undefined : true));
  screen.found(`issue #${issue.number} is closed`);
}

async function observe({ bot, deployer }: DriftStage): Promise<void> {
  const saw = await deployer.observe(bot);
  for (const line of saw.split("\n")) screen.found(line);
}

function openIssue({ repository }: DriftStage): Issue | undefined {
  return repository()
    .issues()
    .find(({ title, state }) => state === "open" && title === "Drift in dev");
}

function succeededHeal({ repository }: DriftStage): Deployment | undefined {
  return [...repository().deployments.values()].find(
    ({ task, statuses }) => task === "heal" && statuses.some(({ state }) => state === "success"),
  );
}

async function until<T>(otherwise: string, found: () => T | undefined): Promise<T> {
  for (let tries = 0; tries < 1200; tries++) {
    const value = found();
    if (value !== undefined) return value;
    await sleep(50);
  }
  throw new Error(otherwise);
}
