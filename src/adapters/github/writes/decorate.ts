// Labels, reviewers and auto-merge of a new pull request, which cannot be set in the mutation document that creates it.

import type { Draft, NodeIds } from "../../../domain/model/draft.ts";
import type { ObservedState } from "../../../domain/model/github/observed-state.ts";
import type { ConfigRepository } from "../../../domain/model/github/repository.ts";
import type { NotSet, PullRequestName } from "../../../reconcile/ports/github/pull-requests.ts";
import type { InstallationClient } from "../api/client.ts";
import { type FailureKind, GitHubFailure } from "../api/failure.ts";
import { type MutationField, mutationDocument } from "../api/mutation-document.ts";
import type { RepositoryAccess } from "../repository-access.ts";

interface Decorating {
  readonly wanted: Pick<Draft, "labels" | "reviewers" | "autoMerge">;
  readonly pullRequest: PullRequestName;
  readonly ids: NodeIds;
}

interface Place extends Decorating {
  readonly client: InstallationClient;
  readonly repository: Pick<ConfigRepository, "owner" | "name">;
}

/**
 * One mutation document. Before it, one REST request for each missing label, and one for teams: GraphQL needs their
 * ids, which only an App with read access to the organization's members can query. The document comes last, so a pull
 * request that shows its effect is complete. Refusals are returned as problems, since the pull request exists; outages
 * and rate limits are thrown, and everything may be retried.
 */
export async function decoratePullRequest(
  { client, repository }: RepositoryAccess,
  { ids }: Pick<ObservedState, "ids">,
  about: Omit<Decorating, "ids">,
): Promise<readonly NotSet[]> {
  const place = { client, repository, ids, ...about };
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
  readonly problems: readonly NotSet[];
}

async function labelIds(place: Place): Promise<Ids> {
  const ids: string[] = [];
  const problems: NotSet[] = [];
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

/** The id of the new label, or of the one that somebody created since the state was read. */
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

async function requestTeams({ client, repository, wanted, pullRequest }: Place): Promise<readonly NotSet[]> {
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

/** Each with the config key that asks for it. Labels come last: if they are set, everything before was done. */
function fieldsOf(
  { wanted, pullRequest }: Place,
  labelIds: readonly string[],
  userIds: readonly string[],
): readonly MutationField[] {
  const fields: MutationField[] = [];
  if (userIds.length > 0) {
    // Without `union`, existing review requests (for a team, a code owner) would be removed.
    const input = { pullRequestId: pullRequest.id, userIds, union: true };
    fields.push({ key: "reviewers", mutation: "requestReviews", type: "RequestReviewsInput", input });
  }
  if (wanted.autoMerge !== "off") {
    const input = { pullRequestId: pullRequest.id, mergeMethod: wanted.autoMerge.toUpperCase() };
    const mutation = "enablePullRequestAutoMerge";
    fields.push({ key: "autoMerge", mutation, type: "EnablePullRequestAutoMergeInput", input });
  }
  if (labelIds.length > 0) {
    const input = { labelableId: pullRequest.id, labelIds };
    fields.push({
      key: "labels",
      mutation: "addLabelsToLabelable",
      type: "AddLabelsToLabelableInput",
      input,
    });
  }
  return fields;
}

async function send(
  { client, pullRequest }: Place,
  fields: readonly MutationField[],
): Promise<readonly NotSet[]> {
  if (fields.length === 0) return [];
  const { document, variables } = mutationDocument("Decorate", fields);
  const keys = fields.map(({ key }) => key).join(", ");
  const problems: NotSet[] = [];
  const unsent = await refusals(keys, async () => {
    const { errors } = await client.mutate(aboutOf(pullRequest), document, variables);
    problems.push(...errors.map(({ path, message }) => notSet(path || keys, message)));
  });
  return [...problems, ...unsent];
}

/** Only refusals by GitHub; all other errors are thrown. */
async function refusals(key: string, act: () => Promise<unknown>): Promise<readonly NotSet[]> {
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

function notSet(key: string, message: string): NotSet {
  return {
    key,
    code: "github",
    message: `GitHub did not set what ${key} asks for: ${message}`,
    help:
      (key === "autoMerge" && whatToSwitchOn(message)) ||
      `Check ${key} in .github/chart-promoter.yml, and that the repository allows it.`,
  };
}

/** By GitHub's message (docs.github.com, "Managing auto-merge for pull requests in your repository"). */
function whatToSwitchOn(message: string): string | undefined {
  if (/not allowed/i.test(message))
    return "Switch on “Allow auto-merge” in the repository's settings, under General, Pull Requests.";
  return /not configured|clean status/i.test(message)
    ? "Require an approval or the check `chart-promoter` on the base branch by a ruleset: there is nothing for auto-merge to wait for."
    : undefined;
}
