// Keeps the one issue about an environment's drift in step with what is known of it.

import { type DriftStory, describeDrift, driftTitle } from "../../domain/drift/drift-issue.ts";
import type { EnvironmentKey } from "../../domain/model/config/config.ts";
import type { DriftWatch } from "../../domain/model/drift.ts";
import { nameWithOwner } from "../../domain/model/github/repository.ts";
import type { EnvironmentContext } from "../context.ts";
import { isGitHubRefusal } from "../ports/github/github-refusal.ts";
import type { IssueText } from "../ports/github/texts-on-github.ts";

/** Where only counts and the last report are others, the issue is written anew no more often than this. */
const REWRITTEN_EVERY_MS = 60 * 60_000;

type Shown = Omit<DriftStory, "environment"> & { readonly watch: DriftWatch };
type Place = Pick<EnvironmentContext, "repository" | "deps">;

/**
 * Answers which issue is open then. That one may be open is on record before it is opened: a crash in between leaves none
 * behind. Where no deployment is known, after the loss of the database, nothing is concluded.
 */
export async function showDrift(
  key: EnvironmentKey,
  { watch, ...story }: Shown,
  place: Place,
): Promise<DriftWatch["issue"]> {
  const { store, clock } = place.deps;
  const { issue: open } = watch;
  const { title, body, lastWords, tells } = describeDrift({ ...story, environment: key.environment });
  if (body === undefined) {
    if (open) await closeDriftIssue(key, lastWords ?? "", place);
    return undefined;
  }
  if (story.decision.kind === "nothing" && (!open || !story.facts.last)) return open;
  const now = clock();
  if (open?.tells === tells && now.getTime() - open.at.getTime() < REWRITTEN_EVERY_MS) return open;
  if (!open) await store.drift.setWatch(key, { ...watch, issue: { tells: "", at: now } });
  await write({ kind: kindOf(key), title, body }, place);
  if (!open && story.facts.resources.length > 0) await noteDrift(key, story, place.deps);
  return { tells, at: now };
}

/** Once for each drift: it has begun with its first report about the deployment. */
async function noteDrift(
  key: EnvironmentKey,
  { facts: { resources, last, now } }: Omit<Shown, "watch">,
  { store }: Pick<Place["deps"], "store">,
): Promise<void> {
  const since = Math.min(...resources.map((one) => one.since.getTime()));
  const id = `drifted/${key.repositoryId}/${key.environment}/${last?.githubId}/${since}`;
  const count = `${resources.length} ${resources.length === 1 ? "resource differs" : "resources differ"}`;
  const because = `${count}.`;
  await store.history.note([{ ...key, id, kind: "drifted", at: now, facts: { because } }]);
}

export function closeDriftIssue(key: EnvironmentKey, lastWords: string, place: Place): Promise<void> {
  return write({ kind: kindOf(key), title: driftTitle(key.environment), lastWords }, place);
}

function kindOf({ environment }: EnvironmentKey): IssueText["kind"] {
  return `drift:${environment}`;
}

/** What GitHub does not take, as where issues are turned off, stops no heal. */
async function write(text: IssueText, { repository, deps }: Place): Promise<void> {
  try {
    await deps.github.in(repository).upsertIssue(text);
  } catch (error) {
    if (!isGitHubRefusal(error)) throw error;
    deps.log.warn({ repository: nameWithOwner(repository), err: error }, "GitHub took no issue about drift");
  }
}
