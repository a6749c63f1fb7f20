// Converts a mutation's check run input into a record.

import type { CheckRunOutput, CreateCheckRunInput, UpdateCheckRunInput } from "@octokit/graphql-schema";
import { type Annotation, type CheckRun, CONCLUSIONS } from "../../world/records.ts";
import type { CheckChange } from "../../world/repositories/checks.ts";

const STATUSES: { readonly [status: string]: CheckRun["status"] } = {
  QUEUED: "queued",
  IN_PROGRESS: "in_progress",
  COMPLETED: "completed",
};

export function checkChange(input: CreateCheckRunInput | UpdateCheckRunInput): CheckChange {
  const conclusion = CONCLUSIONS.find((one) => one.toUpperCase() === input.conclusion);
  return {
    status: input.status == null ? undefined : STATUSES[input.status],
    ...(conclusion !== undefined && { conclusion }),
    ...(input.detailsUrl != null && { detailsUrl: String(input.detailsUrl) }),
    ...(input.externalId != null && { externalId: input.externalId }),
    ...(input.output != null && outputOf(input.output)),
    ...(input.actions != null && { actions: input.actions }),
  };
}

function outputOf({
  title,
  summary,
  text,
  annotations,
}: CheckRunOutput): Pick<CheckRun, "output" | "annotations"> {
  return {
    output: { title, summary, text: text ?? null },
    annotations: (annotations ?? []).map(annotationOf),
  };
}

const LEVELS: { readonly [level: string]: Annotation["annotation_level"] } = {
  NOTICE: "notice",
  WARNING: "warning",
  FAILURE: "failure",
};

function annotationOf(given: NonNullable<CheckRunOutput["annotations"]>[number]): Annotation {
  return {
    path: given.path,
    start_line: given.location.startLine,
    end_line: given.location.endLine,
    annotation_level: LEVELS[given.annotationLevel] ?? "notice",
    message: given.message,
    title: given.title ?? undefined,
    raw_details: given.rawDetails ?? undefined,
  };
}
