// Runs the input of people: slash commands in comments, hold and release labels, ticked boxes of the dashboard issue.

import type { Deps } from "./context.ts";
import { runTicks } from "./dashboard-issue/run-ticks.ts";
import type { Deferred, PendingWork } from "./repository/index/pending-work.ts";
import { findComments } from "./slash-command/find-missed-comments.ts";
import { restoreLabels } from "./slash-command/restore-labels.ts";
import { runSlashCommands } from "./slash-command/run-commands.ts";

/** Guarded labels are checked before commands run: a command may set such a label, and is allowed to. */
export async function answerPeople(
  work: PendingWork,
  promotions: Parameters<typeof findComments>[1] & Parameters<typeof restoreLabels>[1],
  deps: Deps,
): Promise<readonly Deferred[]> {
  const comments = await findComments(work, promotions, deps);
  await restoreLabels(work, promotions, deps);
  const commands = await runSlashCommands(work, deps);
  const ticks = await runTicks(work, deps);
  return [comments, commands, ticks];
}
