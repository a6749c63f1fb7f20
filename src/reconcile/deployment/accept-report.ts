// Reports of deployers over HTTP: parsed, recorded, and the key enqueued that reconciles them.

import type { EnvironmentKey } from "../../domain/model/config/config.ts";
import type { Result } from "../../domain/model/problem.ts";
import type { Deps } from "../context.ts";
import { parseDriftReport, recordDriftReport } from "../drift/drift-report.ts";
import { enqueue } from "../keys.ts";
import { parseReport, recordReport } from "./report.ts";

/** The deployment, the deployer that reports, and the time of the report. */
interface About {
  readonly deploymentId: number;
  readonly deployer: string;
  readonly at: Date;
}

/** The outcome of a deployment, as its deployer reports it. Durable when it resolves. */
export async function acceptReport(about: About, body: unknown, deps: Deps): Promise<Result<EnvironmentKey>> {
  const parsed = parseReport(body);
  if (!parsed.ok) return parsed;
  const recorded = await recordReport(about, parsed.value, deps.store.deployments);
  return enqueued("deployment", recorded, deps);
}

/** The drift that a deployer found in a cluster. Durable when it resolves. */
export async function acceptDriftReport(
  about: About,
  body: unknown,
  deps: Deps,
): Promise<Result<EnvironmentKey>> {
  const parsed = await parseDriftReport(body);
  if (!parsed.ok) return parsed;
  return enqueued("drift", await recordDriftReport(about, parsed.value, deps), deps);
}

async function enqueued(
  kind: "deployment" | "drift",
  recorded: Result<EnvironmentKey>,
  { store }: Pick<Deps, "store">,
): Promise<Result<EnvironmentKey>> {
  if (!recorded.ok) return recorded;
  const { repositoryId, environment } = recorded.value;
  await enqueue(store.queue, { kind, repositoryId, environment });
  return recorded;
}
