// Runs slash commands in comments. GitHub is asked who wrote them, their effects are stored on GitHub, and the App's
// reaction marks a comment as handled.

import { environmentOfIssue } from "../../domain/drift/drift-issue.ts";
import type { Config } from "../../domain/model/config/config.ts";
import type { Delivery } from "../../domain/model/github/event.ts";
import { hiddenMarker } from "../../domain/model/github/hidden-marker.ts";
import { nameWithOwner } from "../../domain/model/github/repository.ts";
import { heldByComment, help, refused } from "../../domain/pull-request-body/comments.ts";
import { type Command, mayHoldCommands, parseCommands } from "../../domain/slash-command/parse-commands.ts";
import { touchedBy } from "../check-run/gather-check.ts";
import { allowHead, environmentsOf } from "../check-run/reconcile-check-run.ts";
import type { Deps } from "../context.ts";
import { unlessRefused } from "../ports/github/github-refusal.ts";
import { type Deferred, NOTHING_WAITS, type PendingWork } from "../repository/index/pending-work.ts";
import { observedIn, requeueIfStale, requeueWhileStale } from "../repository/stale-read.ts";
import { unlessGap } from "../repository/unless-gap.ts";
import { carryOut } from "./carry-out.ts";
import type {
  CommandContext,
  CommandReply,
  CommentContext,
  DriftContext,
  PullRequestContext,
} from "./command-context.ts";
import { heal, keep, redeploy } from "./drift-commands.ts";
import { hold } from "./hold.ts";
import { refusedOnOffer } from "./offered-config.ts";
import { promoteByName } from "./promote.ts";
import { overtakenByPush, requeueUntilPushIsShown } from "./pushed-since.ts";
import { rebase } from "./rebase.ts";
import { reject } from "./reject.ts";
import { rollBack } from "./roll-back.ts";

/** Handles each comment once, however often its webhook was delivered. */
export async function runSlashCommands(
  { repository: { id: repositoryId }, deliveries }: Pick<PendingWork, "repository" | "deliveries">,
  deps: Deps,
): Promise<Deferred> {
  const comments = new Map(deliveries.flatMap((delivery) => commentIn(delivery)));
  const known = comments.size > 0 ? await deps.store.repositories.withIndex(repositoryId) : undefined;
  const { repository, index } = known ?? {};
  if (!repository || !index || repository.archived) return NOTHING_WAITS;
  const { config = NO_CONFIG, dependents, onboarding } = index;
  const requeueAt: Date[] = [];
  const resyncAt: Date[] = [];
  const waiting = new Set<string>();
  for (const comment of inOrder(comments.values())) {
    // Without a config, only commands on the onboarding pull request are handled.
    if (!index.config && comment.number !== onboarding?.pullRequest) continue;
    const place = { repository, config, index, dependents, resyncAt, deps };
    const wait = await unlessGap(`comment ${comment.commentId}`, () => answer(comment, place), place);
    if (!wait) continue;
    requeueAt.push("kind" in wait ? wait.requeueAt : wait);
    waiting.add(comment.delivery.id);
  }
  return { requeueAt, stillPending: waiting, resyncAt };
}

const NO_CONFIG: Config = { environments: [] };

/** In the order of their ids, which GitHub assigns in ascending order. */
function inOrder(comments: Iterable<CommentEvent>): readonly CommentEvent[] {
  return [...comments].toSorted((one, other) => one.commentId - other.commentId);
}

interface CommentEvent {
  readonly commentId: number;
  readonly number: number;
  /** The comment is on an issue (perhaps one of the App's), not on a pull request. */
  readonly onIssue: boolean;
  /** Whether the webhook reports an edit. */
  readonly edited: boolean;
  readonly delivery: Delivery;
}

function commentIn(delivery: Delivery): readonly (readonly [number, CommentEvent])[] {
  const { event } = delivery;
  if (event.kind !== "commented") return [];
  const { commentId, number, onIssue = false, edited = false } = event;
  return [[commentId, { commentId, number, onIssue, edited, delivery }]];
}

/** Requeue time for a comment or pull request that GitHub does not show yet as its webhook reported it. */
async function answer(comment: CommentEvent, place: CommentContext): Promise<Date | undefined> {
  const { deliveries } = place.deps.store;
  const mark = { ...comment.delivery, id: `dealt-with-${comment.commentId}` };
  if (await deliveries.isKnown(mark.id)) return undefined;
  const outcome = await deal(comment, place);
  if (outcome !== "dealt with") return outcome;
  // Kept in the database as well: a locked conversation accepts no reaction.
  await deliveries.keep(mark);
  await deliveries.done([mark.id]);
  return undefined;
}

async function deal(comment: CommentEvent, place: CommentContext): Promise<Date | "dealt with" | undefined> {
  const { commentId, number, delivery } = comment;
  const { repository, deps } = place;
  const github = deps.github.in(repository);
  const read = await github.readComment(commentId);
  if (!read) return requeueWhileStale(delivery, deps);
  if (!mayHoldCommands(read.body) || (await github.hasReacted(commentId))) return undefined;
  const written = await github.readWrittenComment(read.id);
  if (!written || (comment.edited && !written.edited)) return requeueWhileStale(delivery, deps);
  const { writtenBy: login, body, updatedAt: writtenAt } = written;
  const mayWrite = await github.mayWrite(login);
  const commands = parseCommands(body);
  if (commands.length === 0) return undefined;
  const thread = await threadOf(comment, place);
  if (thread.kind !== "concerned") return thread.requeueAt;
  if (!mayWrite) {
    await unlessRefused(() => github.react({ commentId, reaction: "-1" }), deps);
    return "dealt with";
  }
  const { head } = thread.about;
  const isOfHead = head?.state === "open" && commands.some(({ kind }) => OF_HEAD.has(kind));
  const later = isOfHead ? await requeueUntilPushIsShown(head, delivery, place) : undefined;
  if (later) return later;
  const replies: (readonly [Command, CommandReply])[] = [];
  const commander = { login, commentId, writtenAt, commentedAt: delivery.receivedAt };
  const given = { ...commander, ...thread.about, ...place };
  for (const command of commands) replies.push([command, await carryOut(() => run(command, given))]);
  deps.log.info({ repository: nameWithOwner(repository), number, login, replies }, "commands run");
  await reply(replies, { commentId, number, place });
  return "dealt with";
}

/** Commands about the commits on the branch. */
const OF_HEAD: ReadonlySet<Command["kind"]> = new Set(["rebase", "allow", "reject"]);

/** `head`: absent for an issue; `drifted`: only for an issue about drift. */
type About = Partial<Pick<PullRequestContext, "head"> & Pick<DriftContext, "drifted">>;

type Thread =
  | { readonly kind: "concerned"; readonly about: About }
  /** Not for the App, or not visible yet: then with a requeue time. */
  | { readonly kind: "other"; readonly requeueAt?: Date | undefined };

/** Accepts a pull request of the App or one that touches an environment; an issue only if the App opened it. */
async function threadOf({ number, onIssue }: CommentEvent, place: CommentContext): Promise<Thread> {
  const { repository, config, deps } = place;
  if (onIssue) return issueOf(number, place);
  const head = await deps.github.in(repository).readHead({ number, environments: environmentsOf(place) });
  const requeueAt = await requeueIfStale(repository, observedIn(number, head), deps);
  const isConcerned = head && (head.byApp || touchedBy(head, config).length > 0);
  return requeueAt || !isConcerned ? { kind: "other", requeueAt } : { kind: "concerned", about: { head } };
}

async function issueOf(number: number, { repository, config, deps }: CommentContext): Promise<Thread> {
  const issue = await deps.github.in(repository).readIssue(number);
  if (!issue) return { kind: "other" };
  const environment = environmentOfIssue(issue.body);
  const isWatched = config.environments.some(({ name, drift }) => name === environment && drift);
  const about = environment !== undefined && isWatched ? { drifted: environment } : {};
  return { kind: "concerned", about };
}

async function reply(
  replies: readonly (readonly [Command, CommandReply])[],
  {
    commentId,
    number,
    place,
  }: { readonly commentId: number; readonly number: number; readonly place: CommentContext },
): Promise<void> {
  const { repository, deps } = place;
  const message = replies.flatMap(([command, one]) => {
    const done = one.message === undefined ? [] : [one.message];
    return one.kind === "refused" ? [...done, refused({ command: command.text, ...one })] : done;
  });
  if (message.length > 0) {
    const marker = hiddenMarker(`answer ${commentId}`);
    const body = `${message.join("\n\n")}\n\n${marker}`;
    await unlessRefused(() => deps.github.in(repository).ensureComment(number, { marker, body }), deps);
  }
  const reaction = replies.every(([, { kind }]) => kind === "done") ? "+1" : "confused";
  await unlessRefused(() => deps.github.in(repository).react({ commentId, reaction }), deps);
}

type GivenCommand = CommandContext & About;

async function run(command: Command, { head, drifted, ...given }: GivenCommand): Promise<CommandReply> {
  const refusal = head && refusedOnOffer(command, { head, config: given.config });
  if (refusal) return refusal;
  switch (command.kind) {
    case "help":
      return { kind: "done", message: help() };
    case "unclear":
      return { ...command, kind: "refused" };
    case "promote":
      return promoteByName(command, { ...given, ...(head && { head }) });
    case "heal":
      return drifted === undefined ? NO_DRIFT : heal({ drifted, ...given });
    case "keep":
      return drifted === undefined ? NO_DRIFT : keep(command, { drifted, ...given });
    case "hold":
    case "unhold":
    case "allow":
    case "rebase":
    case "reject":
    case "rollback":
    case "redeploy":
      return head ? runOnPullRequest(command, { head, ...given }) : NO_PULL_REQUEST;
  }
}

const NO_PULL_REQUEST: CommandReply = {
  kind: "refused",
  because: "This is an issue.",
  help: "Comment on the pull request; here, /promote CHART VERSION to ENVIRONMENT and /help are known, and about a drift /heal and /keep.",
};

const NO_DRIFT: CommandReply = {
  kind: "refused",
  because: "This is no issue about the drift of an environment that is watched.",
  help: "Comment it on the one whose title begins with Drift in; /redeploy deploys again from a merged pull request.",
};

type PullRequestCommand = Exclude<
  Command,
  { readonly kind: "help" | "unclear" | "promote" | "heal" | "keep" }
>;

async function runOnPullRequest(
  command: PullRequestCommand,
  commanded: PullRequestContext,
): Promise<CommandReply> {
  switch (command.kind) {
    case "hold": {
      const held = await hold("on", commanded);
      return held.kind === "done" && command.reason !== "" ? { ...held, message: heldByComment() } : held;
    }
    case "unhold":
      return hold("off", commanded);
    case "allow":
      return allow(commanded);
    case "rebase":
      return rebase(commanded);
    case "reject":
      return reject(command, commanded);
    case "rollback":
      return rollBack(commanded);
    case "redeploy":
      return redeploy(commanded);
  }
}

async function allow(commanded: PullRequestContext): Promise<CommandReply> {
  const { head, login, ...place } = commanded;
  if (head.state !== "open")
    return { kind: "refused", because: "This pull request is not open.", help: "There is nothing to allow." };
  const overtaken = await overtakenByPush(commanded);
  if (overtaken) return overtaken;
  if (await allowHead(head, login, place)) return { kind: "done" };
  return { kind: "refused", because: "Nothing here waits for it.", help: "See what the check says." };
}
