// How the readers of events put together what they found.

import type { z } from "zod";

import { fail, ok, type Result } from "../../model/problem.ts";
import type { Notice } from "./system.ts";

export function ignored(because: string): Result<Notice> {
  return ok({ kind: "ignored", because });
}

/** The parts of an event that are read, or why it cannot be one of `sender`'s. */
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
  return fail({
    code: "malformed",
    message: `This is not an event as ${sender} sends it: ${where} is missing or of the wrong type.`,
    help: "Check that this address belongs to the system that calls it, and that its events are sent as JSON.",
  });
}
