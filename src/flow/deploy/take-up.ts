// After the loss of the database: what GitHub keeps of the App's deployments is put on record again, so that `after` and the
// order of deployments hold.

import type { Deployment } from "../../model/deployment.ts";
import type { MergedPullRequest, StandingDeployment } from "../../model/merge.ts";
import type { MergeContext } from "./merge-context.ts";

/** A deployment and the merge that it stands on. */
type Standing = StandingDeployment & { readonly pullRequest: number; readonly sha: string };

export async function takeUp(merges: readonly MergedPullRequest[], context: MergeContext): Promise<void> {
  const all = merges.flatMap(({ number: pullRequest, sha, mergedAt, deployments }) =>
    sha === undefined
      ? []
      : deployments.map((deployment) => ({ ...deployment, createdAt: mergedAt, pullRequest, sha })),
  );
  for (const standing of all) {
    const configured = context.config.environments.find(({ name }) => name === standing.environment);
    if (configured) await takeUpOne(standing, { ...context, all, deployers: configured.deploy });
  }
}

async function takeUpOne(
  deployment: Standing,
  context: MergeContext & { readonly all: readonly Standing[]; readonly deployers: readonly string[] },
): Promise<void> {
  const { repository, world, deployers } = context;
  const overtaken = await howOvertaken(deployment, context);
  const { id, ...standing } = deployment;
  const { kind } = await world.store.deployments.begin({
    ...standing,
    ...(overtaken && { overtaken }),
    ...{ repositoryId: repository.id, githubId: id, deployers },
  });
  if (kind === "repeat") return;
  const { environment } = standing;
  world.log.info({ repository: repository.id, environment, deployment: id }, "deployment taken up again");
  await world.store.queue.mark(`deploy:${repository.id}/${environment}`);
}

/** By the next one that took its place; ids ascend, where the clock of GitHub counts seconds. GitHub says `inactive` of everything that a later success put an end to. */
async function howOvertaken(
  { id, state, environment, sha }: Standing,
  { repository, world, all }: MergeContext & { readonly all: readonly Standing[] },
): Promise<Deployment["overtaken"]> {
  if (state !== "inactive") return undefined;
  const [by] = all
    .filter((one) => one.environment === environment && one.state !== "inactive" && one.id > id)
    .toSorted((one, other) => one.id - other.id);
  if (!by) return undefined;
  const reached = await world.github.containment(repository, [by.sha, sha]);
  return reached.get(by.sha)?.has(sha) ? "contained" : "replaced";
}
