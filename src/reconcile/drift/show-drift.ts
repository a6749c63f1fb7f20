// Reconciles the issue about an environment's drift with what is known of it.

import { type DriftStory, describeDrift, driftTitle } from "../../domain/drift/drift-issue.ts";
import type { EnvironmentKey } from "../../domain/model/config/config.ts";
import type { DriftWatch } from "../../domain/model/drift.ts";
import { nameWithOwner } from "../../domain/model/github/repository.ts";
import type { EnvironmentContext } from "../context.ts";
import { isGitHubRefusal } from "../ports/github/github-refusal.ts";
import { bodyDigest, type IssueText } from "../ports/github/texts-on-github.ts";
import { AGAIN_MS, LAG_MS } from "../repository/stale-read.ts";

/** When only counts and the time of the last report changed, the issue is updated no more often than this. */
const REWRITTEN_EVERY_MS = 60 * 60_000;

type DriftToShow = Omit<DriftStory, "environment"> & { readonly watch: DriftWatch };
type Place = Pick<EnvironmentContext, "repository" | "deps">;

/** The issue that is open afterwards, and when to requeue. */
interface ShownDrift {
  readonly issue?: DriftWatch["issue"];
  readonly requeueAt?: Date | undefined;
}

/**
 * Records before the write that the issue may be open and that its text is unknown, so that a crash or a lost answer
 * leaves no orphaned issue. While no deployment is known (lost database), no issue is opened for want of drift or
 * closed.
 */
export async function showDrift(
  key: EnvironmentKey,
  { watch, ...story }: DriftToShow,
  place: Place,
): Promise<ShownDrift> {
  const { store, clock } = place.deps;
  const { issue: open } = watch;
  const { title, body, lastWords, tells } = describeDrift({ ...story, environment: key.environment });
  if (body === undefined) {
    const requeueAt = open && (await closeDriftIssue(key, { lastWords: lastWords ?? "", open }, place));
    return requeueAt ? { issue: open, requeueAt } : {};
  }
  const now = clock();
  const isConcluded = story.decision.kind !== "nothing" || (open && story.facts.last);
  const isCurrent = open?.tells === tells && now.getTime() - open.at.getTime() < REWRITTEN_EVERY_MS;
  if (!isConcluded || isCurrent) return open ? { issue: open } : {};
  const isNoted = open?.isNoted === true || story.facts.resources.length > 0;
  if (isNoted && !open?.isNoted) await noteDrift(key, story, place.deps);
  const issue = { at: now, ...(isNoted && { isNoted }) };
  await store.drift.setWatch(key, { ...watch, issue: { ...issue, tells: "" } });
  await write({ kind: kindOf(key), title, body }, place);
  return { issue: { ...issue, tells, digest: bodyDigest(body) } };
}

/** One history event for each drift, identified by its first report about the deployment. */
async function noteDrift(
  key: EnvironmentKey,
  { facts: { resources, last, now } }: Omit<DriftToShow, "watch">,
  { store }: Pick<Place["deps"], "store">,
): Promise<void> {
  const since = Math.min(...resources.map((one) => one.since.getTime()));
  const id = `drifted/${key.repositoryId}/${key.environment}/${last?.githubId}/${since}`;
  const count = `${resources.length} ${resources.length === 1 ? "resource differs" : "resources differ"}`;
  const because = `${count}.`;
  await store.history.note([{ ...key, id, kind: "drifted", at: now, facts: { because } }]);
}

/** Returns when to retry: a read right after the last write may be stale, and the stale text would be written back. */
export async function closeDriftIssue(
  key: EnvironmentKey,
  { lastWords, open }: { readonly lastWords: string; readonly open: NonNullable<DriftWatch["issue"]> },
  place: Place,
): Promise<Date | undefined> {
  const now = place.deps.clock().getTime();
  const mayLag = now - open.at.getTime() < LAG_MS;
  const digest = mayLag && open.digest !== undefined ? { digest: open.digest } : {};
  const title = driftTitle(key.environment);
  const outcome = await write({ kind: kindOf(key), title, lastWords, ...digest }, place);
  return outcome === "stale-read" ? new Date(now + AGAIN_MS) : undefined;
}

function kindOf({ environment }: EnvironmentKey): IssueText["kind"] {
  return `drift:${environment}`;
}

/** An issue that GitHub refuses (such as with issues disabled) does not stop a heal. */
async function write(text: IssueText, { repository, deps }: Place): Promise<"done" | "stale-read"> {
  try {
    return await deps.github.in(repository).upsertIssue(text);
  } catch (error) {
    if (!isGitHubRefusal(error)) throw error;
    deps.log.warn({ repository: nameWithOwner(repository), err: error }, "GitHub took no issue about drift");
    return "done";
  }
}
