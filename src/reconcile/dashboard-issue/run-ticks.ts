// Ticks in the boxes of the dashboard issue: GitHub is asked who edited the issue, and each tick runs once, through the
// code of the slash commands.

import type { Delivery, RepositoryEvent } from "../../domain/model/github/event.ts";
import { nameWithOwner } from "../../domain/model/github/repository.ts";
import { boxKey, DASHBOARD_MARKER, type TickBox } from "../../domain/model/github/tick-box.ts";
import { clip, prose } from "../../domain/pull-request-body/markdown/escape.ts";
import type { Deps } from "../context.ts";
import { requestRepeat } from "../drift/request-repeat.ts";
import { type Deferred, NOTHING_WAITS, type PendingWork } from "../repository/index/pending-work.ts";
import { carryOut } from "../slash-command/carry-out.ts";
import type { CommandReply, CommentContext } from "../slash-command/command-context.ts";
import { promoteByName } from "../slash-command/promote.ts";

type Edit = Extract<RepositoryEvent, { kind: "dashboard-edited" }>;

/**
 * A resync also reads the issue, to find ticks whose webhook was lost.
 */
export async function runTicks(
  { repository: { id }, deliveries, resync }: PendingWork,
  deps: Deps,
): Promise<Deferred> {
  const edits = deliveries.flatMap((delivery) => editIn(delivery));
  if (edits.length === 0 && !resync) return NOTHING_WAITS;
  const { store } = deps;
  if (!(await store.dashboardIssues.get(id))) return NOTHING_WAITS;
  const { repository, index } = (await store.repositories.withIndex(id)) ?? {};
  if (!repository || repository.archived || !index?.config?.dashboardIssue) return NOTHING_WAITS;
  const { config, dependents } = index;
  const resyncAt: Date[] = [];
  for (const edit of edits) await takeEdit(edit, { repository, config, index, dependents, resyncAt, deps });
  await store.dashboardIssues.edited(id);
  return { ...NOTHING_WAITS, resyncAt };
}

interface DeliveredEdit {
  readonly edit: Edit;
  readonly delivery: Delivery;
}

function editIn(delivery: Delivery): readonly DeliveredEdit[] {
  return delivery.event.kind === "dashboard-edited" ? [{ edit: delivery.event, delivery }] : [];
}

/** Id of a delivery that marks a box as dealt with in this round. */
export function dealtMark(repositoryId: number, issue: number, box: TickBox): string {
  return `ticked-${repositoryId}-${issue}-${boxKey(box)}`;
}

async function takeEdit({ edit, delivery }: DeliveredEdit, place: CommentContext): Promise<void> {
  const { repository, deps } = place;
  const undealt: TickBox[] = [];
  for (const box of edit.boxes)
    if (!(await deps.store.deliveries.isKnown(dealtMark(repository.id, edit.number, box)))) undealt.push(box);
  if (undealt.length === 0) return;
  const issue = await deps.github.in(repository).readIssue(edit.number);
  if (!issue?.body.includes(DASHBOARD_MARKER)) return;
  const mayNot = await objectionTo(edit.person, place);
  for (const box of undealt) await takeTick(box, { edit, delivery, mayNot }, place);
}

/** Why the editor's tick is not carried out. */
async function objectionTo(
  person: string | undefined,
  { repository, deps }: CommentContext,
): Promise<CommandReply | undefined> {
  if (person === undefined)
    return {
      kind: "refused",
      because: "GitHub does not say who of several ticked it while this server was away.",
      help: "Tick it again.",
    };
  if (await deps.github.in(repository).mayWrite(person)) return undefined;
  return {
    kind: "refused",
    because: "Only ticks of people with write access count.",
    help: "Ask somebody who has it.",
  };
}

interface Tick extends DeliveredEdit {
  readonly mayNot: CommandReply | undefined;
}

/** Idempotent: repeated after a crash, it has the same effect once. */
async function takeTick(
  box: TickBox,
  { edit, delivery, mayNot }: Tick,
  place: CommentContext,
): Promise<void> {
  const { repository, deps } = place;
  const { number, person } = edit;
  const id = dealtMark(repository.id, number, box);
  if (await deps.store.deliveries.isKnown(id)) return;
  const reply = mayNot ?? (await carryOut(() => run(box, { ...place, login: person ?? "", number })));
  deps.log.info({ repository: nameWithOwner(repository), number, person, box, reply }, "box ticked");
  const { action } = box;
  await deps.store.dashboardIssues.answered(repository.id, {
    ...{ id, at: deps.clock(), action },
    ...(person !== undefined && { person }),
    result: reply.kind,
    said: wordsOf(reply),
  });
  await deps.store.deliveries.keep({ ...delivery, id });
  await deps.store.deliveries.done([id]);
}

type Given = CommentContext & { readonly login: string; readonly number: number };

async function run(box: TickBox, { number, ...given }: Given): Promise<CommandReply> {
  const { action } = box;
  if (action.kind === "promote") return promoteByName(action, given);
  const { repository, login, deps } = given;
  const intent = `tick:${number}/${boxKey(box)}`;
  const key = { repositoryId: repository.id, environment: action.environment };
  const answer = await requestRepeat(key, { task: "redeploy", intent, by: login }, deps);
  if (answer.ok) return { kind: "done" };
  const [problem] = answer.problems;
  return { kind: "refused", because: problem?.message ?? "", help: problem?.help ?? "" };
}

/** Maximum length, in characters, of a quoted message. */
const LONGEST = 400;

function wordsOf(reply: CommandReply): string {
  if (reply.kind === "done") return reply.message ?? "";
  return prose(clip(`${reply.because} ${reply.help}`.trim(), LONGEST));
}
