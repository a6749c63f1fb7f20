// Which changes of records become history events, and their ids: the same change always has the same id.

import type { Deployment, DeploymentState } from "../../../domain/model/deployment.ts";
import type { HistoryEvent } from "../../../domain/model/history.ts";
import type { Problem } from "../../../domain/model/problem.ts";
import type { Publish } from "../../../domain/model/publish.ts";
import type { PromotionRow } from "../schema.ts";

type Publishing = "published" | "verified" | "rejected";

export function publishEvent(
  kind: Publishing,
  { id: publishId, chart, version, publisher }: Pick<Publish, "id" | "chart" | "version" | "publisher">,
  { at, problem }: { readonly at: Date; readonly problem?: Problem },
): HistoryEvent {
  return {
    ...{ id: `${kind}/${publishId}`, kind, at },
    facts: {
      ...{ publishId, chart, version, by: `publisher ${publisher}` },
      ...(problem && { because: `${problem.message} ${problem.help}` }),
    },
  };
}

/**
 * Merges, deployments and failures are recorded once for the deployment, whatever it changes; so they are not listed
 * here.
 */
const OF_PROMOTIONS: ReadonlySet<string> = new Set(["proposed", "declined", "refused", "superseded"]);

/** `versions`: of the publishes, by id. */
export function promotionEvents(
  changed: readonly PromotionRow[],
  versions: ReadonlyMap<string, string>,
  at: Date,
): readonly HistoryEvent[] {
  return changed.flatMap(({ state, publish_id: publishId, repository_id, environment, ...row }) => {
    if (!OF_PROMOTIONS.has(state)) return [];
    const version = versions.get(publishId);
    return {
      id: `${state}/${publishId}/${repository_id}/${environment}`,
      kind: state as "proposed" | "declined" | "refused" | "superseded",
      ...{ at, repositoryId: repository_id, environment },
      facts: {
        ...{ publishId, chart: row.chart, because: row.because },
        ...(version !== undefined && { version }),
        ...(row.pull_request_number !== null && { pullRequest: row.pull_request_number }),
      },
    };
  });
}

/** `mergedBy`: login, if GitHub shows it. */
export function mergeEvent(deployment: Deployment, mergedBy: string | undefined): HistoryEvent | undefined {
  const { repositoryId, environment, sha, repeats, createdAt, deployers } = deployment;
  if (repeats) return undefined;
  const { by: _deployer, ...facts } = factsOf(deployment);
  return {
    id: `merged/${repositoryId}/${environment}/${sha}`,
    ...{ kind: "merged", at: createdAt, repositoryId, environment },
    facts: {
      ...{ ...facts, deployers: deployers.length },
      ...(mergedBy !== undefined && { by: mergedBy }),
    },
  };
}

/** Without deployers nothing is known to have been deployed. */
export function endEvent(deployment: Deployment, at: Date): HistoryEvent | undefined {
  const { repositoryId, environment, githubId, state, description } = deployment;
  const kind = kindOfEnd(state, deployment);
  if (kind === undefined || githubId === undefined || deployment.deployers.length === 0) return undefined;
  return {
    ...{ id: `${kind}/${githubId}`, kind, at, repositoryId, environment },
    facts: { ...factsOf(deployment), ...(description !== undefined && { because: description }) },
  };
}

function kindOfEnd(state: DeploymentState, { repeats }: Deployment): HistoryEvent["kind"] | undefined {
  if (state === "success") return repeats?.task === "heal" ? "healed" : "deployed";
  return state === "failure" || state === "error" ? "failed" : undefined;
}

function factsOf({ promotions, pullRequest, sha, githubId, deployers, repeats }: Deployment) {
  return {
    ...{ moves: promotions, pullRequest, sha },
    ...(githubId !== undefined && { deployment: githubId, by: `deployer ${deployers.join(", ")}` }),
    ...(repeats && { isRepeat: true as const }),
    ...(repeats?.by !== undefined && { by: repeats.by }),
  };
}
