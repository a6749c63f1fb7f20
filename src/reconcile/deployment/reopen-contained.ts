// A deployment that was to go out with a later one goes out by itself when the later one is lost before it was called.

import type { KnownDeployment } from "../../domain/deployment/next-deployment.ts";
import { type AdvancedDeployment, type DeploymentContext, isConfigured } from "./deployment-context.ts";
import { containment } from "./report-status.ts";

/** Reopens the newest one that the branch still has; it is due at once. No request when nothing is lost. */
export async function reopenContained(
  all: readonly AdvancedDeployment[],
  lost: ReadonlySet<KnownDeployment>,
  context: DeploymentContext,
): Promise<readonly Date[]> {
  const { key, ports, target, now } = context;
  const closed = lost.size === 0 ? [] : all.filter(wentWithLater);
  if (closed.length === 0 || !isConfigured(target)) return [];
  const later = [...lost];
  const reached = await containment(
    [...later, ...closed.map(({ deployment }) => deployment)].map(({ sha }) => sha),
    context,
  );
  for (const { deployment, calls } of closed) {
    const { sha, githubId } = deployment;
    if (later.every((one) => reached.get(one.sha)?.has(sha) !== true)) continue;
    if (!(await ports.commits.isOn(key.repositoryId, { branch: target.branch, sha }))) continue;
    for (const call of calls) await ports.deployments.replaceCall(call, { ...call, state: "waiting" });
    await ports.deployments.update(githubId, {
      state: "queued",
      description: "Waits to be called",
      changedAt: now,
    });
    return [now];
  }
  return [];
}

function wentWithLater({ deployment, calls }: AdvancedDeployment): boolean {
  const { state, overtaken } = deployment;
  const isContained = state === "inactive" && overtaken === "contained";
  return isContained && calls.length > 0 && calls.every((call) => call.state === "skipped");
}
