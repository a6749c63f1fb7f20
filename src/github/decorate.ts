// Labels, reviewers and auto-merge of a new pull request: what a mutation document cannot say before the pull request exists.

import type { Draft, NodeIds } from "../model/draft.ts";
import type { Problem } from "../model/problem.ts";
import type { ConfigRepository } from "../model/repository.ts";
import type { PullRequestName } from "../pull-request/propose.ts";
import type { InstallationClient } from "./client.ts";
import { type FailureKind, GitHubFailure } from "./failure.ts";
import { type MutationField, mutationDocument } from "./mutation-document.ts";

export interface Decorating {
  readonly wanted: Pick<Draft, "labels" | "reviewers" | "autoMerge">;
  readonly pullRequest: PullRequestName;
  readonly ids: NodeIds;
}

interface Place extends Decorating {
  readonly client: InstallationClient;
  readonly repository: Pick<ConfigRepository, "owner" | "name">;
}

/**
 * One mutation document. Before it, one REST request for each label that does not exist yet, and one when teams are
 * asked for: GraphQL wants their ids, which only an App that may read the organization's members can learn.
 * The document is last, so that a pull request that shows its effect lacks nothing. What GitHub refuses is answered as
 * problems, since the pull request stands; an outage or a limit is thrown, and all of it may be done again.
 */
export async function decorate(
  client: InstallationClient,
  repository: Pick<ConfigRepository, "owner" | "name">,
  decorating: Decorating,
): Promise<readonly Problem[]> {
  const place = { client, repository, ...decorating };
  const labels = await labelIds(place);
  const users = userIds(place);
  return [
    ...labels.problems,
    ...users.problems,
    ...(await requestTeams(place)),
    ...(await send(place, fieldsOf(place, labels.ids, users.ids))),
  ];
}

interface Ids {
  readonly ids: readonly string[];
  readonly problems: readonly Problem[];
}

async function labelIds(place: Place): Promise<Ids> {
  const ids: string[] = [];
  const problems: Problem[] = [];
  for (const name of place.wanted.labels) {
    const id = place.ids.labels.get(name);
    if (id === undefined) {
      problems.push(
        ...(await refusals("labels", async () => {
          ids.push(await makeLabel(place, name));
        })),
      );
    } else ids.push(id);
  }
  return { ids, problems };
}

/** The id of the new label; or of the label that somebody made since the look. */
async function makeLabel({ client, repository, pullRequest }: Place, name: string): Promise<string> {
  const at = { owner: repository.owner, repo: repository.name, name };
  const about = { ...aboutOf(pullRequest), content: true };
  try {
    const made = await client.rest(about, (octokit) => octokit.rest.issues.createLabel(at));
    return made.data.node_id;
  } catch (error) {
    if (!isOf(error, ["refused"])) throw error;
    const there = await client.rest({ ...about, content: false }, (octokit) =>
      octokit.rest.issues.getLabel(at),
    );
    return there.data.node_id;
  }
}

function userIds({ wanted, ids }: Place): Ids {
  const { users } = wanted.reviewers;
  return {
    ids: users.flatMap((login) => ids.users.get(login) ?? []),
    problems: users
      .filter((login) => !ids.users.has(login))
      .map((login) => notSet("reviewers", `there is no user ${login}`)),
  };
}

async function requestTeams({ client, repository, wanted, pullRequest }: Place): Promise<readonly Problem[]> {
  const { teams } = wanted.reviewers;
  if (teams.length === 0) return [];
  return refusals("reviewers", () =>
    client.rest({ ...aboutOf(pullRequest), content: true }, (octokit) =>
      octokit.rest.pulls.requestReviewers({
        owner: repository.owner,
        repo: repository.name,
        pull_number: pullRequest.number,
        team_reviewers: [...teams],
      }),
    ),
  );
}

/** Each under the key of the configuration that asks for it. */
function fieldsOf(
  { wanted, pullRequest }: Place,
  labelIds: readonly string[],
  userIds: readonly string[],
): readonly MutationField[] {
  const fields: MutationField[] = [];
  if (labelIds.length > 0) {
    const input = { labelableId: pullRequest.id, labelIds };
    fields.push({
      key: "labels",
      mutation: "addLabelsToLabelable",
      type: "AddLabelsToLabelableInput",
      input,
    });
  }
  if (userIds.length > 0) {
    // Without `union`, whoever was asked otherwise (a team, a code owner) would no longer be.
    const input = { pullRequestId: pullRequest.id, userIds, union: true };
    fields.push({ key: "reviewers", mutation: "requestReviews", type: "RequestReviewsInput", input });
  }
  if (wanted.autoMerge !== "off") {
    const input = { pullRequestId: pullRequest.id, mergeMethod: wanted.autoMerge.toUpperCase() };
    const mutation = "enablePullRequestAutoMerge";
    fields.push({ key: "autoMerge", mutation, type: "EnablePullRequestAutoMergeInput", input });
  }
  return fields;
}

async function send(
  { client, pullRequest }: Place,
  fields: readonly MutationField[],
): Promise<readonly Problem[]> {
  if (fields.length === 0) return [];
  const { document, variables } = mutationDocument("Decorate", fields);
  const keys = fields.map(({ key }) => key).join(", ");
  const problems: Problem[] = [];
  const unsent = await refusals(keys, async () => {
    const { errors } = await client.mutate(aboutOf(pullRequest), document, variables);
    problems.push(...errors.map(({ path, message }) => notSet(path || keys, message)));
  });
  return [...problems, ...unsent];
}

/** Only what GitHub understood and refused; anything else is thrown. */
async function refusals(key: string, act: () => Promise<unknown>): Promise<readonly Problem[]> {
  try {
    await act();
    return [];
  } catch (error) {
    if (!isOf(error, ["refused", "missing", "denied"])) throw error;
    return [notSet(key, error.message)];
  }
}

function isOf(error: unknown, kinds: readonly FailureKind[]): error is GitHubFailure {
  return error instanceof GitHubFailure && kinds.includes(error.kind);
}

function aboutOf({ number }: PullRequestName) {
  return { activity: `decorating #${number}`, purpose: "promotion" } as const;
}

function notSet(key: string, said: string): Problem {
  return {
    code: "github",
    message: `GitHub did not set what ${key} asks for: ${said}`,
    help: `Check ${key} in .github/chart-promoter.yml, and that the repository allows it.`,
  };
}
