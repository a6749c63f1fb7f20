// Commands that heal a cluster or keep its drift: on an issue about drift, and on a merged pull request.

import { requestRepeat } from "../drift/request-repeat.ts";
import { enqueue } from "../keys.ts";
import type { CommandContext, CommandReply, DriftContext, PullRequestContext } from "./command-context.ts";
import { environmentsOf, NOWHERE } from "./environments-of.ts";

/** Also without automatic healing in the config. */
export function heal({ drifted, ...given }: DriftContext): Promise<CommandReply> {
  return repeat("heal", drifted, given);
}

/** In each environment that the pull request concerns. */
export async function redeploy(context: PullRequestContext): Promise<CommandReply> {
  if (context.head.state !== "merged")
    return { kind: "refused", because: "This pull request is not merged.", help: "Merging it deploys it." };
  const environments = await environmentsOf(context);
  if (environments.length === 0) return NOWHERE;
  const replies: CommandReply[] = [];
  for (const { name } of environments) replies.push(await repeat("redeploy", name, context));
  return replies.find(({ kind }) => kind === "refused") ?? { kind: "done" };
}

export async function keep(
  { ms }: { readonly ms: number },
  { drifted, login, commentedAt, repository, deps }: DriftContext,
): Promise<CommandReply> {
  const key = { repositoryId: repository.id, environment: drifted };
  await deps.store.drift.keep(key, { until: new Date(commentedAt.getTime() + ms), by: login });
  await enqueue(deps.store.queue, { ...key, kind: "drift" });
  return { kind: "done" };
}

async function repeat(
  task: "heal" | "redeploy",
  environment: string,
  { commentId, login, repository, deps }: CommandContext,
): Promise<CommandReply> {
  const intent = `comment:${commentId}/${task}`;
  const key = { repositoryId: repository.id, environment };
  const answer = await requestRepeat(key, { task, intent, by: login }, deps);
  if (answer.ok) return { kind: "done" };
  const [problem] = answer.problems;
  return { kind: "refused", because: problem?.message ?? "", help: problem?.help ?? "" };
}
