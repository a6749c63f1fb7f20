// Sees to it that a promotion gets its labels, reviewers and auto-merge once, also when the process died on the way; what
// people took away afterwards stays away.

import type { Environment } from "../../../domain/model/config/config.ts";
import type { Comment, ObservedPullRequest } from "../../../domain/model/github/snapshot.ts";
import { unlessRefused } from "../../ports/github/github-refusal.ts";
import type { NotSet, PullRequestName } from "../../ports/github/pull-requests.ts";
import { notSet, tellsAutoMergeRefused, tellsNotSetOf } from "../comments.ts";
import type { ObservedEnvironment } from "../observed-repository.ts";

/** For a pull request that was opened just now. */
export async function decoratePromotion(
  pullRequest: PullRequestName,
  context: ObservedEnvironment,
): Promise<void> {
  const { environment } = context;
  if (isDecorated(environment)) await setOn(pullRequest, environment, context);
}

type Wanted = Pick<Environment, "labels" | "reviewers" | "autoMerge">;

/** What GitHub refuses is said under the pull request, once for each key of the configuration; in place of `notSetComment`. */
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
    const say = () =>
      notSetComment
        ? github.replaceComment(pullRequest.number, body)
        : github.ensureComment(pullRequest.number, body);
    await unlessRefused(say, deps);
  }
  return refused;
}

/**
 * For a pull request that was there before. A promotion is recorded only after it was decorated, so one of the App's that
 * no record names was not. Records can be lost with the database: one that bears any of it was decorated, too.
 */
export async function ensureDecorated(
  pullRequest: ObservedPullRequest,
  context: ObservedEnvironment,
): Promise<void> {
  const { environment } = context;
  if (!pullRequest.byApp) return;
  for (const key of ["labels", "reviewers"] as const) await askAgain(pullRequest, key, context);
  if (!isDecorated(environment)) return;
  const refusal = pullRequest.comments.find(({ byApp, body }) => byApp && tellsAutoMergeRefused(body));
  if (refusal) return retryAutoMerge(pullRequest, refusal, context);
  if (bearsAny(pullRequest, environment)) return;
  if (await isRecorded(pullRequest.number, context)) return;
  await decoratePromotion(pullRequest, context);
}

/**
 * Where the configuration asks for something else by now, that is set, and what is said of what it asked for goes after that: it is all
 * that tells of it.
 */
async function askAgain(
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

/** When everything is looked at again: what GitHub refused it may allow now. Then the comment that told so is taken away. */
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

/** By what is set last: the labels, or auto-merge where none are asked for. */
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
