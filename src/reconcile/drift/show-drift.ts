// Keeps the one issue about an environment's drift in step with what is known of it.

import { type DriftStory, describeDrift, driftTitle } from "../../domain/drift/drift-issue.ts";
import type { EnvironmentKey } from "../../domain/model/config/config.ts";
import type { DriftWatch } from "../../domain/model/drift.ts";
import { nameWithOwner } from "../../domain/model/github/repository.ts";
import type { EnvironmentContext } from "../context.ts";
import { isGitHubRefusal } from "../ports/github/github-refusal.ts";
import { bodyDigest, type IssueText } from "../ports/github/texts-on-github.ts";
import { AGAIN_MS, LAG_MS } from "../repository/stale-read.ts";

/** Where only counts and the last report are others, the issue is written anew no more often than this. */
const REWRITTEN_EVERY_MS = 60 * 60_000;

type DriftToShow = Omit<DriftStory, "environment"> & { readonly watch: DriftWatch };
type Place = Pick<EnvironmentContext, "repository" | "deps">;

/** Which issue is open then, and when to look again. */
interface ShownDrift {
  readonly issue?: DriftWatch["issue"];
  readonly requeueAt?: Date | undefined;
}

/**
 * That an issue may be open, and that what it tells is not known, is on record before it is written: a crash in between, or an answer
 * that is lost, leaves none behind. Where no deployment is known, after the loss of the database, nothing is concluded.
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

/** Once for each drift, whatever becomes of its issue: it has begun with its first report about the deployment. */
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

/** When to try again: what is read just after it was written may be what it said before, which it would say from then on. */
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
  return outcome === "behind" ? new Date(now + AGAIN_MS) : undefined;
}

function kindOf({ environment }: EnvironmentKey): IssueText["kind"] {
  return `drift:${environment}`;
}

/** What GitHub does not take, as where issues are turned off, stops no heal. */
async function write(text: IssueText, { repository, deps }: Place): Promise<"kept" | "behind"> {
  try {
    return await deps.github.in(repository).upsertIssue(text);
  } catch (error) {
    if (!isGitHubRefusal(error)) throw error;
    deps.log.warn({ repository: nameWithOwner(repository), err: error }, "GitHub took no issue about drift");
    return "kept";
  }
}
