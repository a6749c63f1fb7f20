// The labels that hold a pull request or let it out are changed by people with write access only, as commands are.

import type { LabelEvent } from "../../domain/model/github/guarded-labels.ts";
import type { RepositoryContext } from "../context.ts";
import type { LabelChange } from "./put-label-back.ts";

type Place = Pick<RepositoryContext, "repository" | "deps">;

/**
 * The label's last change, where that is a person's whose word does not count. That of a bot does: it was given the right to write
 * labels; and so does one of which GitHub shows no event.
 */
export async function lastStrangersChange(
  { number, label }: Pick<LabelChange, "number" | "label">,
  { repository, deps }: Place,
): Promise<(LabelChange & Pick<LabelEvent, "at">) | undefined> {
  const github = deps.github.in(repository);
  const last = await github.lastLabelChange(number, label);
  if (last?.person === undefined || (await github.mayWrite(last.person))) return undefined;
  return { number, label, action: last.action, person: last.person, at: last.at };
}
