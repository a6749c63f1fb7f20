// After the loss of the database: adopts the App's deployments from GitHub, so that `after` and the order of
// deployments keep working.

import type { Deployment } from "../../domain/model/deployment.ts";
import type { MergedPullRequest, StandingDeployment } from "../../domain/model/github/merge.ts";
import { nameWithOwner } from "../../domain/model/github/repository.ts";
import type { RepositoryContext } from "../context.ts";
import { adoptRepeats } from "../drift/repeat-deployment.ts";
import { enqueue } from "../keys.ts";
import { adoptLeftBehind } from "./adopt-left-behind.ts";

/** A deployment and the merge commit that it deploys. */
type AdoptableDeployment = StandingDeployment & {
  readonly pullRequest: number;
  readonly sha: string;
  readonly mergedBy?: string;
};

export async function adoptDeployments(
  merges: readonly MergedPullRequest[],
  context: RepositoryContext,
): Promise<void> {
  const all = merges.flatMap(({ number: pullRequest, sha, mergedAt, mergedBy, deployments }) =>
    sha === undefined
      ? []
      : deployments.map((deployment) => ({
          ...{ ...deployment, createdAt: mergedAt, pullRequest, sha },
          ...(mergedBy !== undefined && { mergedBy }),
        })),
  );
  for (const status of all) {
    const configured = context.config.environments.find(({ name }) => name === status.environment);
    if (configured) await adoptOne(status, { ...context, all, deployers: configured.deploy });
  }
  if (all.length > 0) await adoptAllRepeats(context);
  for (const merge of merges) await adoptLeftBehind(merge, context);
}

async function adoptAllRepeats({ repository, config, deps }: RepositoryContext): Promise<void> {
  const standing = await deps.github.in(repository).repeats(config.environments.map(({ name }) => name));
  for (const environment of config.environments)
    await adoptRepeats(standing, { repository, environment, deps });
}

async function adoptOne(
  deployment: AdoptableDeployment,
  context: RepositoryContext & {
    readonly all: readonly AdoptableDeployment[];
    readonly deployers: readonly string[];
  },
): Promise<void> {
  const { repository, deps, deployers } = context;
  const overtaken = await howOvertaken(deployment, context);
  const { id, mergedBy, ...status } = deployment;
  const { kind } = await deps.store.deployments.begin(
    {
      ...status,
      ...(overtaken && { overtaken }),
      ...{ repositoryId: repository.id, githubId: id, deployers },
    },
    mergedBy,
  );
  if (kind === "repeat") return;
  const { environment } = status;
  await enqueue(deps.store.queue, { kind: "drift", repositoryId: repository.id, environment });
  deps.log.info(
    { repository: nameWithOwner(repository), environment, deployment: id },
    "deployment taken up again",
  );
  await enqueue(deps.store.queue, { kind: "deployment", repositoryId: repository.id, environment }, "upkeep");
}

/**
 * Why an inactive deployment was superseded, judged by the next one that is not. Ordered by id, since GitHub's
 * timestamps have a resolution of seconds. GitHub sets `inactive` on every earlier deployment when a later one
 * succeeds.
 */
async function howOvertaken(
  { id, state, environment, sha }: AdoptableDeployment,
  { repository, deps, all }: RepositoryContext & { readonly all: readonly AdoptableDeployment[] },
): Promise<Deployment["overtaken"]> {
  if (state !== "inactive") return undefined;
  const [by] = all
    .filter((one) => one.environment === environment && one.state !== "inactive" && one.id > id)
    .toSorted((one, other) => one.id - other.id);
  if (!by) return undefined;
  const reached = await deps.github.in(repository).containment([by.sha, sha]);
  return reached.get(by.sha)?.has(sha) ? "contained" : "replaced";
}
