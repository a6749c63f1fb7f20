// After the loss of the database: a deployment to an environment that has left the config since. Whom it was given to is not
// known any more, so that nobody can be asked about it: it ends, until its deployer reports.

import { UNKNOWN_END, unknownEnd } from "../../domain/deployment/describe.ts";
import { mayBeNamedBy } from "../../domain/model/config/deployer.ts";
import type { AdoptableDeployments } from "../../domain/model/github/merge.ts";
import { nameWithOwner } from "../../domain/model/github/repository.ts";
import type { RepositoryContext } from "../context.ts";

/** On record first: the report is taken from then on. GitHub is told until it shows so. */
export async function adoptLeftBehind(
  { id: githubId, ...standing }: AdoptableDeployments["unfinished"][number],
  { repository, deps }: Pick<RepositoryContext, "repository" | "deps">,
): Promise<void> {
  const { environment } = standing;
  const where = { repository: nameWithOwner(repository), environment };
  const deployers = deps.settings.deployers.filter((one) => mayBeNamedBy(one, where));
  const { deployment } = await deps.store.deployments.begin({
    ...standing,
    ...{ repositoryId: repository.id, githubId, deployers: deployers.map(({ name }) => name) },
    ...{ state: "error", description: UNKNOWN_END, changedAt: deps.clock() },
  });
  if (deployment.description !== UNKNOWN_END) return;
  const github = deps.github.in(repository);
  if (standing.pullRequest > 0)
    await github.ensureComment(standing.pullRequest, unknownEnd({ ...deployment, githubId }));
  await github.setDeploymentStatus(githubId, { state: "error", description: UNKNOWN_END });
  deps.log.info({ ...where, deployment: githubId }, "deployment to an environment that left the config");
}
