// Corrects a pull request body that cannot be generated again, such as after the loss of the database.

import type { ObservedPullRequest } from "../../../domain/model/github/snapshot.ts";
import type { Problem } from "../../../domain/model/problem.ts";
import { promotedVersions } from "../../../domain/plan/history.ts";
import { isRollback } from "../../../domain/plan/trailers.ts";
import { tellsUnfinished, withoutPromise } from "../../../domain/pull-request-body/diff/rendered-diff.ts";
import { outdatedVersions } from "../../../domain/pull-request-body/headline.ts";
import { ourPart, replaceBody } from "../../../domain/pull-request-body/markdown/markers.ts";
import { BODY_LIMIT } from "../../../domain/pull-request-body/markdown/size.ts";
import { withOutdated } from "../../../domain/pull-request-body/outdated.ts";
import { lowest } from "../../../domain/umbrella/installed-version.ts";
import { parseVersion } from "../../../domain/versions/version.ts";
import type { ObservedEnvironment } from "../observed-repository.ts";

/**
 * Removes the promise to complete the text later, and notes where it starts from other versions than those on the base.
 */
export async function giveUp(
  pullRequest: ObservedPullRequest,
  problems: readonly Problem[],
  context: ObservedEnvironment,
): Promise<undefined> {
  const { about, deps } = context;
  const { id, url, title, body } = pullRequest;
  const because = problems.map(({ message, help }) => `${message} ${help}`).join(" ");
  const ours = ourPart(body);
  const isBack = isRollback(promotedVersions(pullRequest));
  const outdated = isBack ? [] : outdatedVersions(body, versionsOnBase(context));
  const complete = tellsUnfinished(ours) ? withoutPromise(ours, because) : ours;
  const now = replaceBody(body, withOutdated(complete, outdated, because));
  if (ours === "" || now === body || now.length > BODY_LIMIT) return;
  await deps.github.in(about.repository).updatePullRequestText(id, { title, body: now, untrue: [] });
  deps.log.info({ pullRequest: url, because }, "text put right: it cannot be completed");
}

/** By chart, the lowest version of its entries; without charts that have an entry of unknown version. */
export function versionsOnBase({ environment, about }: ObservedEnvironment): ReadonlyMap<string, string> {
  const here = about.dependents.filter((one) => one.environment === environment.name);
  const entries = [...Map.groupBy(here, ({ chart }) => chart)];
  return new Map(
    entries.flatMap(([chart, all]) => {
      const versions = all.map(({ version }) => (version === undefined ? undefined : parseVersion(version)));
      const from = versions.includes(undefined) ? undefined : lowest(versions);
      return from ? [[chart, from.original] as const] : [];
    }),
  );
}
