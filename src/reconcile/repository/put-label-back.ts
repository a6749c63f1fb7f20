// Reverts a guarded label that somebody changed without write access, and comments why.

import type { LabelEvent } from "../../domain/model/github/guarded-labels.ts";
import { nameWithOwner } from "../../domain/model/github/repository.ts";
import { labelPutBack } from "../../domain/pull-request-body/comments.ts";
import type { RepositoryContext } from "../context.ts";
import { isNotRefused, unlessRefused } from "../ports/github/github-refusal.ts";

export interface LabelChange extends Pick<LabelEvent, "action"> {
  readonly number: number;
  readonly label: string;
  readonly person: string;
}

/** False when GitHub refuses. */
export async function putLabelBack(
  change: LabelChange,
  { repository, deps }: Pick<RepositoryContext, "repository" | "deps">,
): Promise<boolean> {
  const { number, label, action } = change;
  const github = deps.github.in(repository);
  const putBack = () =>
    action === "labeled" ? github.removeLabel(number, label) : github.addLabel(number, label);
  if (!(await isNotRefused(putBack, deps))) return false;
  deps.log.info({ repository: nameWithOwner(repository), ...change }, "label put back");
  // A locked conversation gets no comment.
  await unlessRefused(() => github.ensureComment(number, labelPutBack(label)), deps);
  return true;
}
