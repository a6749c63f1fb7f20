// The environments that a command on a merged pull request is for.

import type { Environment } from "../../domain/model/config/config.ts";
import { touchedBy } from "../check-run/gather-check.ts";
import type { CommandReply, PullRequestContext } from "./command-context.ts";

/** By its files, and those that it was deployed to: their folder may have moved since. In the order of the config. */
export async function environmentsOf({
  head,
  repository,
  config,
  deps,
}: PullRequestContext): Promise<readonly Environment[]> {
  const touched = new Set(touchedBy(head, config));
  const deployed = await deps.store.deployments.ofPullRequest(repository.id, head.number);
  const names = new Set(deployed.map(({ environment }) => environment));
  return config.environments.filter((one) => touched.has(one) || names.has(one.name));
}

/** Where there is none. */
export const NOWHERE: CommandReply = {
  kind: "refused",
  because: "No environment in .github/chart-promoter.yml has the folder that this pull request changed.",
  help: "Comment it on a later merge into the environment, or merge a change to its folder.",
};
