// The labels that hold a pull request or let it out are changed by people with write access only, as commands are: what
// others changed is put back.

import type { RepositoryEvent } from "../../domain/model/github/event.ts";
import { GUARDED_LABELS } from "../../domain/model/github/guarded-labels.ts";
import { nameWithOwner } from "../../domain/model/github/repository.ts";
import { labelPutBack } from "../../domain/pull-request-body/comments.ts";
import { touchedBy } from "../check-run/gather-check.ts";
import { environmentsOf } from "../check-run/reconcile-check-run.ts";
import type { Deps } from "../context.ts";
import { isGitHubRefusal } from "../ports/github/github-refusal.ts";
import type { PendingWork } from "../repository/index/pending-work.ts";
import type { CommentContext } from "./command-context.ts";

interface LabelChange {
  readonly number: number;
  readonly label: string;
  readonly action: "labeled" | "unlabeled";
  readonly person: string;
}

/** Of each label on each pull request, the change that was told of last. */
export async function restoreLabels(
  { repository: { id }, deliveries }: Pick<PendingWork, "repository" | "deliveries">,
  deps: Deps,
): Promise<void> {
  const changes = new Map(deliveries.flatMap(({ event }) => changeIn(event)));
  const known = changes.size > 0 ? await deps.store.repositories.withIndex(id) : undefined;
  const { repository, index } = known ?? {};
  if (!repository || !index?.config || repository.archived) return;
  const { config, dependents } = index;
  for (const change of changes.values())
    await restore(change, { repository, config, index, dependents, deps });
}

function changeIn(event: RepositoryEvent): readonly (readonly [string, LabelChange])[] {
  if (event.kind !== "pull-request-changed") return [];
  const { action, number, label = "", person } = event;
  if (action !== "labeled" && action !== "unlabeled") return [];
  if (person === undefined || !GUARDED_LABELS.includes(label)) return [];
  return [[`${number} ${label}`, { number, label, action, person }]];
}

async function restore(
  { number, label, action, person }: LabelChange,
  place: Omit<CommentContext, "resyncAt">,
): Promise<void> {
  const { repository, config, deps } = place;
  const github = deps.github.in(repository);
  if (await github.mayWrite(person)) return;
  const head = await github.readHead({ number, environments: environmentsOf(place) });
  if (!head || touchedBy(head, config).length === 0) return;
  const last = await github.lastLabelChange(number, label);
  if (last && (last.person !== person || last.action !== action)) return;
  if (action === "labeled") await github.removeLabel(number, label);
  else await github.addLabel(number, label);
  deps.log.info({ repository: nameWithOwner(repository), number, label, action, person }, "label put back");
  await unlessLocked(() => github.ensureComment(number, labelPutBack(label)), deps);
}

/** In a locked conversation nobody is told. */
async function unlessLocked(say: () => Promise<void>, { log }: Pick<Deps, "log">): Promise<void> {
  try {
    await say();
  } catch (error) {
    if (!isGitHubRefusal(error)) throw error;
    log.warn({ err: error }, "GitHub took no word about a label that was put back");
  }
}
