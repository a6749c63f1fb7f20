// Reconciles the dashboard issue of a config repository with the database. No request while its text is unchanged and
// nobody has edited it.

import { createHash } from "node:crypto";
import {
  dashboardTitle,
  describeDashboard,
  endDashboard,
} from "../../domain/dashboard-issue/dashboard-issue.ts";
import { holdAt } from "../../domain/deployment/hold.ts";
import type { Config } from "../../domain/model/config/config.ts";
import { hiddenNote } from "../../domain/model/github/hidden-marker.ts";
import { type ConfigRepository, nameWithOwner } from "../../domain/model/github/repository.ts";
import { boxKey, type TickBox, tickedBoxes } from "../../domain/model/github/tick-box.ts";
import { readOneRepository } from "../board/read-board.ts";
import type { Deps } from "../context.ts";
import { workOf } from "../keys.ts";
import type { DashboardRecord } from "../ports/dashboard-issues.ts";
import type { OwnIssue } from "../ports/github/texts-on-github.ts";
import { writeIssue } from "../repository/write-issue.ts";
import { type ReconcileResult, requeueAtEarliest } from "../requeue.ts";
import { dealtMark } from "./run-ticks.ts";

/** Minimum time between two writes, except after a tick or an edit. */
const WRITTEN_EVERY_MS = 60_000;
/** The most unproposed versions that are listed. */
const MOST_UNPROPOSED = 1_000;

interface Place {
  readonly repository: ConfigRepository;
  readonly deps: Deps;
}

/** Does nothing while the config cannot be read. */
export async function keepDashboardIssue(id: number, deps: Deps): Promise<ReconcileResult> {
  const { store } = deps;
  const { repository, index } = (await store.repositories.withIndex(id)) ?? {};
  if (!repository || repository.archived || !index || index.problems.length > 0) return undefined;
  const place = { repository, deps };
  const record = await store.dashboardIssues.get(id);
  if (index.config?.dashboardIssue !== true) {
    if (record) await end(record, place);
    return undefined;
  }
  return show(record ?? (await begun(place)), index.config, place);
}

/** After the loss of the database the round is restored from the hidden note in the issue. */
async function begun(place: Place): Promise<DashboardRecord> {
  const { repository, deps } = place;
  const issue = await findIssue(undefined, place);
  const round = Number(hiddenNote(issue?.body ?? "", "round") ?? 0);
  await deps.store.dashboardIssues.begin(repository.id, Number.isSafeInteger(round) ? round : 0);
  const record = await deps.store.dashboardIssues.get(repository.id);
  if (!record) throw new Error(`nothing is kept of the dashboard issue of ${nameWithOwner(repository)}`);
  return record;
}

async function show(record: DashboardRecord, config: Config, place: Place): Promise<ReconcileResult> {
  const { repository, deps } = place;
  const { store, clock } = deps;
  const text = await describe(record, place);
  if (!text) return undefined;
  const now = clock();
  const requeue = requeueAtEarliest(
    config.environments.map((environment) => holdAt(environment, now)?.until),
  );
  const isRead = record.seenEdits === record.edits;
  const tells = createHash("sha256").update(`${text.title}\n${text.body}`).digest("hex");
  if (isRead && tells === record.tells) return requeue;
  const earliest = new Date(record.writtenAt.getTime() + WRITTEN_EVERY_MS);
  if (isRead && now < earliest) return { requeueAt: earliest };
  const issue = await findIssue(record.number, place);
  if (issue && (await handOver(issue, place))) return requeue;
  // Cleared before the write: if the answer is lost, the issue's text is unknown and is written again.
  await store.dashboardIssues.noteWritten(repository.id, { ...record, tells: "" });
  await writeIssue({ kind: "dashboard", ...text, known: issue }, repository, deps);
  // Find the number of a new issue at once: people may delete its hidden marker before the next write.
  const number = issue?.number ?? (await deps.github.in(repository).findOwnIssue("dashboard"));
  await store.dashboardIssues.noteWritten(repository.id, {
    ...(number !== undefined && { number }),
    ...{ tells, writtenAt: now, seenEdits: record.edits },
  });
  return requeue;
}

async function describe(
  { round, outcomes }: DashboardRecord,
  { repository, deps }: Place,
): Promise<{ readonly title: string; readonly body: string } | undefined> {
  const board = await readOneRepository(repository, deps);
  if (!board) return undefined;
  const unproposed = await deps.store.board.unproposed(repository.id, MOST_UNPROPOSED);
  const body = describeDashboard({ repository: board, unproposed, outcomes, round });
  return { title: dashboardTitle(board.name), body };
}

/** By its number, whether open or closed; else among the App's open issues. */
async function findIssue(
  number: number | undefined,
  { repository, deps }: Place,
): Promise<OwnIssue | undefined> {
  const github = deps.github.in(repository);
  const known = number === undefined ? undefined : await github.readOwnIssue(number);
  if (known) return known;
  const found = await github.findOwnIssue("dashboard");
  return found === undefined ? undefined : github.readOwnIssue(found);
}

/** Ticks whose webhook was lost are carried out before the text that shows them is overwritten. */
async function handOver({ number, body, editors }: OwnIssue, { repository, deps }: Place): Promise<boolean> {
  const boxes = await undealt(number, tickedBoxes(body), { repository, deps });
  const [first] = boxes;
  if (!first) return false;
  const [person, ...others] = editors;
  const isKnown = person !== undefined && others.length === 0;
  const event = { kind: "dashboard-edited", number, boxes, ...(isKnown && { person }) } as const;
  const id = `found-${dealtMark(repository.id, number, first)}`;
  const receivedAt = deps.clock();
  if (await deps.store.deliveries.isKnown(id)) return false;
  const delivery = { id, repositoryId: repository.id, event, receivedAt };
  await deps.store.deliveries.keepAndEnqueue([delivery], workOf({ kind: "repository", id: repository.id }));
  return true;
}

async function undealt(
  number: number,
  boxes: readonly TickBox[],
  { repository, deps }: Place,
): Promise<readonly TickBox[]> {
  const found: TickBox[] = [];
  for (const box of new Map(boxes.map((one) => [boxKey(one), one])).values())
    if (!(await deps.store.deliveries.isKnown(dealtMark(repository.id, number, box)))) found.push(box);
  return found;
}

async function end(record: DashboardRecord, place: Place): Promise<void> {
  const { repository, deps } = place;
  const issue = await findIssue(record.number, place);
  if (issue?.isOpen) {
    const lastWords = endDashboard(deps.clock());
    const { title } = issue;
    const isWritten = await writeIssue(
      { kind: "dashboard", title, lastWords, known: issue },
      repository,
      deps,
    );
    if (!isWritten) return;
  }
  await deps.store.dashboardIssues.forget(repository.id);
}
