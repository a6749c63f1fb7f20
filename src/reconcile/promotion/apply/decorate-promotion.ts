// Sets labels, reviewers and auto-merge on a promotion once, even if the process dies on the way. What people remove
// afterwards is not set again.

import type { Environment } from "../../../domain/model/config/config.ts";
import type { Comment, ObservedPullRequest } from "../../../domain/model/github/snapshot.ts";
import { unlessRefused } from "../../ports/github/github-refusal.ts";
import type { NotSet, PullRequestName } from "../../ports/github/pull-requests.ts";
import { notSet, tellsAutoMergeRefused, tellsNotSetOf } from "../comments.ts";
import type { ObservedEnvironment } from "../observed-repository.ts";

/** For a pull request that was just opened. */
export async function decoratePromotion(
  pullRequest: PullRequestName,
  context: ObservedEnvironment,
): Promise<void> {
  const { environment } = context;
  if (isDecorated(environment)) await setOn(pullRequest, environment, context);
}

type Wanted = Pick<Environment, "labels" | "reviewers" | "autoMerge">;

/**
 * Reports refusals by GitHub in one comment for each key of the config; `notSetComment` is the earlier comment to
 * replace, if there is one.
 */
async function setOn(
  pullRequest: PullRequestName,
  wanted: Wanted,
  { about, deps, notSetComment }: ObservedEnvironment & { readonly notSetComment?: Comment },
): Promise<readonly NotSet[]> {
  const github = deps.github.in(about.repository);
  const refused = await github.decoratePullRequest(about.observed, { wanted, pullRequest });
  if (refused.length > 0)
    deps.log.warn({ pullRequest: pullRequest.url, problems: refused }, "not all could be set");
  for (const [key, problems] of Map.groupBy(refused, (one) => one.key)) {
    const body = notSet(key, problems, wantedBy(key, wanted));
    const writeComment = () =>
      notSetComment
        ? github.replaceComment(pullRequest.number, body)
        : github.ensureComment(pullRequest.number, body);
    await unlessRefused(writeComment, deps);
  }
  return refused;
}

/**
 * For an existing pull request. A promotion is recorded only after it was decorated, so the App's pull request without
 * a record was not. Records can be lost with the database: a pull request that has one of the labels, or auto-merge,
 * counts as decorated.
 */
export async function ensureDecorated(
  pullRequest: ObservedPullRequest,
  context: ObservedEnvironment,
): Promise<void> {
  const { environment } = context;
  if (!pullRequest.byApp) return;
  for (const key of ["labels", "reviewers"] as const) await retryChanged(pullRequest, key, context);
  if (!isDecorated(environment)) return;
  const refusal = pullRequest.comments.find(({ byApp, body }) => byApp && tellsAutoMergeRefused(body));
  if (refusal) return retryAutoMerge(pullRequest, refusal, context);
  if (bearsAny(pullRequest, environment)) return;
  if (await isRecorded(pullRequest.number, context)) return;
  await decoratePromotion(pullRequest, context);
}

/**
 * When the config has changed since a label or reviewer was refused, sets what it names now. The refusal's comment is
 * the only trace of the old config and is then deleted.
 */
async function retryChanged(
  pullRequest: ObservedPullRequest,
  key: "labels" | "reviewers",
  context: ObservedEnvironment,
): Promise<void> {
  const { about, environment, deps } = context;
  const requested = wantedBy(key, environment);
  const notSetComment = pullRequest.comments.find(
    ({ byApp, body }) => byApp && tellsNotSetOf(body, key, requested),
  );
  if (!notSetComment) return;
  const wanted = { ...NOTHING, autoMerge: "off", [key]: environment[key] } as const;
  const refused = requested.length > 0 ? await setOn(pullRequest, wanted, { ...context, notSetComment }) : [];
  if (refused.length > 0) return;
  const { title, body } = pullRequest;
  await deps.github
    .in(about.repository)
    .updatePullRequestText(pullRequest.id, { title, body, untrue: [notSetComment.id] });
}

function wantedBy(key: string, { labels, reviewers: { users, teams } }: Wanted): readonly string[] {
  if (key === "labels") return labels;
  return key === "reviewers" ? [...users, ...teams.map((team) => `team:${team}`)] : [];
}

/** On a resync GitHub may allow the auto-merge that it refused before. Deletes the refusal's comment on success. */
async function retryAutoMerge(
  pullRequest: ObservedPullRequest,
  { id }: ObservedPullRequest["comments"][number],
  context: ObservedEnvironment,
): Promise<void> {
  const { about, environment, deps } = context;
  const { autoMerge } = environment;
  if (!pullRequest.autoMerge && autoMerge !== "off") {
    if (!about.work.resync || !about.observed.autoMergeAllowed) return;
    const refused = await setOn(pullRequest, { ...NOTHING, autoMerge }, context);
    if (refused.length > 0) return;
  }
  const { title, body } = pullRequest;
  await deps.github.in(about.repository).updatePullRequestText(pullRequest.id, { title, body, untrue: [id] });
}

const NOTHING: Omit<Wanted, "autoMerge"> = { labels: [], reviewers: { users: [], teams: [] } };

function isDecorated({ labels, reviewers, autoMerge }: Environment): boolean {
  return labels.length + reviewers.users.length + reviewers.teams.length > 0 || autoMerge !== "off";
}

/** Checks the step that is done last: the labels, or auto-merge when no labels are configured. */
function bearsAny({ labels, autoMerge }: ObservedPullRequest, environment: Environment): boolean {
  return environment.labels.length === 0
    ? autoMerge
    : environment.labels.some((label) => labels.includes(label));
}

async function isRecorded(
  number: number,
  { about, environment, deps }: ObservedEnvironment,
): Promise<boolean> {
  const key = { repositoryId: about.repository.id, environment: environment.name };
  const records = await deps.store.promotions.ofEnvironment(key);
  return records.some(({ pullRequest }) => pullRequest?.number === number);
}
