// Guarded labels (hold, emergency) may be changed with write access only, as the slash commands.

import type { LabelEvent } from "../../domain/model/github/guarded-labels.ts";
import type { RepositoryContext } from "../context.ts";
import type { LabelChange } from "./put-label-back.ts";

type Place = Pick<RepositoryContext, "repository" | "deps">;

/**
 * The label's last change, if it was made by a person without write access. A bot's change is accepted, since it was
 * granted the permission, and so is one for which GitHub shows no event.
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
