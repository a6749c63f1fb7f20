// Labels, reviewers and auto-merge of a new pull request: what a mutation document cannot say before the pull request exists.

import type { Draft } from "../model/draft.ts";
import type { Problem } from "../model/problem.ts";
import type { ConfigRepository } from "../model/repository.ts";
import type { PullRequestName } from "../pull-request/propose.ts";
import type { InstallationClient } from "./client.ts";
import { GitHubFailure } from "./failure.ts";

/** At most one request for each of the three. What GitHub refuses is answered as a problem; the pull request stands. */
export async function decorate(
  client: InstallationClient,
  { owner, name: repo }: Pick<ConfigRepository, "owner" | "name">,
  { draft, pullRequest }: { readonly draft: Draft; readonly pullRequest: PullRequestName },
): Promise<readonly Problem[]> {
  const { labels, reviewers, autoMerge } = draft;
  const about = {
    activity: `decorating #${pullRequest.number}`,
    purpose: "promotion",
    content: true,
  } as const;
  const problems: (Problem | undefined)[] = [];
  if (labels.length > 0) {
    const send = client.rest(about, (octokit) =>
      octokit.rest.issues.addLabels({ owner, repo, issue_number: pullRequest.number, labels: [...labels] }),
    );
    problems.push(await refusal(send, "labels"));
  }
  if (reviewers.users.length + reviewers.teams.length > 0) {
    const { users, teams } = reviewers;
    const send = client.rest(about, (octokit) =>
      octokit.rest.pulls.requestReviewers({
        owner,
        repo,
        pull_number: pullRequest.number,
        reviewers: [...users],
        team_reviewers: [...teams],
      }),
    );
    problems.push(await refusal(send, "reviewers"));
  }
  if (autoMerge !== "off") problems.push(await enableAutoMerge(client, pullRequest, autoMerge));
  return problems.filter((problem) => problem !== undefined);
}

/** Only what GitHub understood and refused; anything else is thrown. */
async function refusal(send: Promise<unknown>, key: string): Promise<Problem | undefined> {
  try {
    await send;
    return undefined;
  } catch (error) {
    if (!(error instanceof GitHubFailure) || (error.kind !== "refused" && error.kind !== "missing"))
      throw error;
    return notSet(key, error.message);
  }
}

async function enableAutoMerge(
  client: InstallationClient,
  pullRequest: PullRequestName,
  method: "merge" | "squash" | "rebase",
): Promise<Problem | undefined> {
  const document =
    "mutation AutoMerge($input: EnablePullRequestAutoMergeInput!) { auto: enablePullRequestAutoMerge(input: $input) { clientMutationId } }";
  const input = { pullRequestId: pullRequest.id, mergeMethod: method.toUpperCase() };
  const about = {
    activity: `turning on auto-merge of #${pullRequest.number}`,
    purpose: "promotion",
  } as const;
  const { errors } = await client.mutate(about, document, { input });
  return errors[0] && notSet("autoMerge", errors[0].message);
}

function notSet(key: string, said: string): Problem {
  return {
    code: "github",
    message: `GitHub did not set what ${key} asks for: ${said}`,
    help: `Check ${key} in .github/chart-promoter.yml, and that the repository allows it.`,
  };
}
