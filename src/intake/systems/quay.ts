// Quay's webhooks; only "push to repository" can be about a chart. https://docs.quay.io/guides/notifications.html

import * as z from "zod";
import { ignored, listOf, mergeNotices, optionalText, readAs } from "./artifact/notice.ts";
import { artifactNotice } from "./artifact/oci.ts";
import { isCalledWithSecret } from "./signature/header-secret.ts";
import type { System } from "./system.ts";

const tagNames = listOf(optionalText);

const event = z.object({
  /** Including its namespace. */
  repository: z.string(),
  /** Tag names; in former versions the images by tag name. Absent in other events. */
  updated_tags: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).nullish(),
});

/** Events do not distinguish charts from images. */
export const quay: System = {
  name: "quay",
  refusals: "body",
  isFrom: isCalledWithSecret,
  read(document) {
    const read = readAs(event, document, "Quay");
    if (!read.ok) return read;
    const { repository: path, updated_tags: updated } = read.value;
    if (!updated)
      return ignored(`the event about ${path} names no updated tags: only a push publishes charts`);
    const tags = readAs(tagNames, Array.isArray(updated) ? updated : Object.keys(updated), "Quay");
    return !tags.ok ? tags : mergeNotices(tags.value.map((tag) => artifactNotice({ path, tag })));
  },
};
