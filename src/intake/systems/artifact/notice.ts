// Helpers for the parsers of events.

import * as z from "zod";

import { clip } from "../../../domain/model/clip.ts";
import { fail, ok, type Problem, type Result } from "../../../domain/model/problem.ts";
import type { Candidate, Notice } from "../system.ts";

/** Optional text: absent, null (as sent by systems in Go, Java and Ruby) and empty become "". */
export const optionalText = z
  .string()
  .nullish()
  .transform((text) => text ?? "");

/** Limit for the events of one call, and for any list in an event. */
const MOST_LISTED = 1_000;
/** The most problems that are reported. */
const MOST_TOLD = 20;
/** Maximum length of a reason in characters, as it may quote the sender. */
const LONGEST_REASON = 500;

/** Checks the number of members before it validates any of them. */
export function listOf<Member extends z.ZodType>(member: Member) {
  return z.array(z.unknown()).max(MOST_LISTED).pipe(z.array(member));
}

export function ignored(because: string): Result<Notice> {
  return ok({ kind: "ignored", because: clip(because, LONGEST_REASON) });
}

export function oneChart(candidate: Candidate): Result<Notice> {
  return ok({ kind: "charts", charts: [candidate] });
}

/** Validates the parts of an event that are used, or says why it cannot be from `sender`. */
export function readAs<Schema extends z.ZodType>(
  schema: Schema,
  document: unknown,
  sender: string,
): Result<z.infer<Schema>> {
  const parsed = schema.safeParse(document);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  const where =
    issue === undefined || issue.path.length === 0 ? "it" : `\`${issue.path.map(String).join(".")}\``;
  if (issue?.code === "too_big") return fail(tooLong(where));
  return fail({
    code: "malformed",
    message: `This is not an event as ${sender} sends it: ${where} is missing or of the wrong type.`,
    help: "Check that this address belongs to the system that calls it, and that its events are sent as JSON.",
  });
}

function tooLong(where: string): Problem {
  return {
    code: "malformed",
    message: `The event is too large: ${where} has more than ${MOST_LISTED} entries.`,
    help: "Have the events sent in smaller batches; a poll of the chart repository finds what was not announced.",
  };
}

/** The charts of all events, or the first problems when there are none. An invalid event does not affect the others. */
export function mergeNotices(notices: readonly Result<Notice>[]): Result<Notice> {
  const malformed = notices
    .flatMap((notice) => (notice.ok ? malformedIn(notice.value) : notice.problems))
    .slice(0, MOST_TOLD);
  const found = notices.flatMap((notice) => (notice.ok ? [notice.value] : []));
  const charts = found.flatMap((notice) => (notice.kind === "charts" ? notice.charts : []));
  if (charts.length > 0) return ok({ kind: "charts", charts, ...(malformed.length > 0 && { malformed }) });
  const [first, ...rest] = malformed;
  if (first !== undefined) return fail(first, ...rest);
  const reasons = new Set(found.flatMap((notice) => (notice.kind === "ignored" ? [notice.because] : [])));
  return ignored([...reasons].join("; ") || "the event names nothing");
}

function malformedIn(notice: Notice): readonly Problem[] {
  return notice.kind === "charts" ? (notice.malformed ?? []) : [];
}
