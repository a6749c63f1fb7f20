// CloudEvents in JSON, one or a batch (https://github.com/cloudevents/spec/blob/main/cloudevents/formats/json-format.md).

import * as z from "zod";
import { ok, type Result } from "../../domain/model/problem.ts";
import { parseJson } from "../body/json.ts";
import { listOf, mergeNotices, readAs } from "./artifact/notice.ts";
import type { Notice } from "./system.ts";

const batchOfEvents = listOf(z.unknown());

/** Applies `read` to the event, or to every event of a batch (section 4). */
export function readEach(document: unknown, read: (event: unknown) => Result<Notice>): Result<Notice> {
  if (!Array.isArray(document)) return read(document);
  const batch = readAs(batchOfEvents, document, "its sender");
  return batch.ok ? mergeNotices(batch.value.map(read)) : batch;
}

/** An event's `data`, also where it is written as `data_base64` (section 3.1); `undefined` when it has none. */
export function dataOf(event: unknown): Result<unknown> {
  const { data, data_base64: encoded } = Object(event);
  return typeof encoded === "string" ? parseJson(Buffer.from(encoded, "base64")) : ok(data ?? undefined);
}
