// Commands in comments: who gave them is asked of GitHub, what they do is kept on GitHub, and the App's reaction to a comment
// says that it was dealt with.

import { type Command, commandText, parseCommands } from "../../command/parse-commands.ts";
import type { Delivery } from "../../model/event.ts";
import { help, refused } from "../../review/comments.ts";
import { environmentsOf, markCheck } from "../check/check-pull-requests.ts";
import { HOLD_LABEL, touchedBy } from "../check/gather-check.ts";
import type { Waiting } from "../look/agenda.ts";
import { askAgain, askAgainFor, shownOf } from "../look/behind.ts";
import type { World } from "../world.ts";
import type { Commanded, Reply } from "./commanded.ts";
import { promoteByName, rebase, reject } from "./promotion-commands.ts";
import { rollBack } from "./roll-back.ts";

/** Each comment once, however often it was told of. */
export async function runCommands(
  repositoryId: number,
  deliveries: readonly Delivery[],
  world: World,
): Promise<Waiting> {
  const comments = new Map(deliveries.flatMap((delivery) => commentIn(delivery)));
  const repository = comments.size > 0 ? await world.store.repositories.get(repositoryId) : undefined;
  const index = repository && (await world.store.repositories.index(repositoryId));
  if (!repository || !index?.config || repository.archived) return { again: [], waiting: new Set() };
  const { config, dependents } = index;
  const again: Date[] = [];
  const waiting = new Set<string>();
  for (const comment of comments.values()) {
    const wait = await answer(comment, { repository, config, index, dependents, world });
    if (!wait) continue;
    again.push(wait);
    waiting.add(comment.delivery.id);
  }
  return { again, waiting };
}

interface ToldComment {
  readonly commentId: number;
  readonly number: number;
  readonly delivery: Delivery;
}

function commentIn(delivery: Delivery): readonly (readonly [number, ToldComment])[] {
  const { event } = delivery;
  if (event.kind !== "commented") return [];
  const { commentId, number } = event;
  return [[commentId, { commentId, number, delivery }]];
}

type Place = Omit<Commanded, "head" | "login">;

/** When to ask again, for a comment or a pull request that GitHub does not show as it told. */
async function answer({ commentId, number, delivery }: ToldComment, place: Place): Promise<Date | undefined> {
  const { repository, world } = place;
  const comment = await world.github.readComment(repository, commentId);
  if (!comment) return askAgainFor(delivery, world);
  const commands = parseCommands(comment.body);
  if (commands.length === 0 || (await world.github.hasReacted(repository, commentId))) return undefined;
  const head = await world.github.readHead(repository, { number, environments: environmentsOf(place) });
  const behind = await askAgain(repository.id, shownOf(number, head), world);
  if (behind || !head || touchedBy(head, place.config).length === 0) return behind;
  const { login } = comment;
  if (!(await world.github.mayWrite(repository, login))) {
    await world.github.react(repository, { commentId, reaction: "-1" });
    return undefined;
  }
  const replies: (readonly [Command, Reply])[] = [];
  for (const command of commands) replies.push([command, await run(command, { head, login, ...place })]);
  world.log.info({ repository: repository.id, number, login, replies }, "commands run");
  await reply(replies, { commentId, number, place });
  return undefined;
}

async function reply(
  replies: readonly (readonly [Command, Reply])[],
  {
    commentId,
    number,
    place,
  }: { readonly commentId: number; readonly number: number; readonly place: Place },
): Promise<void> {
  const { repository, world } = place;
  const says = replies.flatMap(([command, one]) => {
    const done = one.says === undefined ? [] : [one.says];
    return one.kind === "refused" ? [...done, refused({ command: commandText(command), ...one })] : done;
  });
  if (says.length > 0) {
    const marker = `<!-- chart-promoter:answer ${commentId} -->`;
    await world.github.ensureComment(repository, number, {
      marker,
      body: `${says.join("\n\n")}\n\n${marker}`,
    });
  }
  const isDone = replies.every(([, { kind }]) => kind === "done");
  await world.github.react(repository, { commentId, reaction: isDone ? "+1" : "confused" });
}

async function run(command: Command, commanded: Commanded): Promise<Reply> {
  switch (command.kind) {
    case "hold":
      return hold("on", commanded);
    case "unhold":
      return hold("off", commanded);
    case "rebase":
      return rebase(commanded);
    case "reject":
      return reject(commanded);
    case "rollback":
      return rollBack(commanded);
    case "promote":
      return promoteByName(command, commanded);
    case "help":
      return { kind: "done", says: help() };
  }
}

async function hold(state: "on" | "off", { head, repository, world }: Commanded): Promise<Reply> {
  if (head.state !== "open")
    return { kind: "refused", because: "This pull request is not open.", help: "There is nothing to hold." };
  if (state === "on") await world.github.addLabel(repository, head.number, HOLD_LABEL);
  else await world.github.removeLabel(repository, head.number, HOLD_LABEL);
  await markCheck(repository.id, head.number, world);
  return { kind: "done" };
}
