// After the loss of the database: adopts an unfinished deployment to an environment that is not in the config any more.
// Its deployers are unknown and cannot be polled, so it ends as `error` until its deployer reports. One that waits, for
// which none was called, is left to `deploy-renamed.ts`.

import { UNKNOWN_END, unknownEnd } from "../../domain/deployment/describe.ts";
import { mayBeNamedBy } from "../../domain/model/config/deployer.ts";
import type { MergedPullRequest } from "../../domain/model/github/merge.ts";
import { nameWithOwner } from "../../domain/model/github/repository.ts";
import type { RepositoryContext } from "../context.ts";
import { unlessRefused } from "../ports/github/github-refusal.ts";

/** Recorded first, so that a report is accepted from then on. GitHub's status is written again until it succeeds. */
export async function adoptLeftBehind(
  { number: pullRequest, sha, underWay }: MergedPullRequest,
  { repository, config, deps }: RepositoryContext,
): Promise<void> {
  if (sha === undefined) return;
  const here = new Set(config.environments.map(({ name }) => name));
  const github = deps.github.in(repository);
  for (const { id: githubId, ...standing } of underWay.filter(({ environment }) => !here.has(environment))) {
    const where = { repository: nameWithOwner(repository), environment: standing.environment };
    const deployers = deps.settings.deployers.filter((one) => mayBeNamedBy(one, where));
    const adopted = {
      ...{ ...standing, sha, pullRequest, repositoryId: repository.id, githubId },
      deployers: deployers.map(({ name }) => name),
    };
    if (standing.state === "held") {
      await deps.store.deployments.begin(adopted);
      continue;
    }
    const { deployment } = await deps.store.deployments.begin({
      ...adopted,
      ...{ state: "error", description: UNKNOWN_END, changedAt: deps.clock() },
    });
    if (deployment.description !== UNKNOWN_END) continue;
    const comment = unknownEnd({ ...deployment, githubId });
    await unlessRefused(() => github.ensureComment(pullRequest, comment), deps);
    await github.setDeploymentStatus(githubId, { state: "error", description: UNKNOWN_END });
    deps.log.info({ ...where, deployment: githubId }, "deployment to an environment that left the config");
  }
}
