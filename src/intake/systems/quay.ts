// Quay's webhooks, of which "push to repository" can be about a chart. https://docs.quay.io/guides/notifications.html

import * as z from "zod";
import { ignored, listOf, mergeNotices, optionalText, readAs } from "./artifact/notice.ts";
import { artifactNotice } from "./artifact/oci.ts";
import { isCalledWithSecret } from "./signature/header-secret.ts";
import type { System } from "./system.ts";

const tagNames = listOf(optionalText);

const event = z.object({
  /** With its namespace. */
  repository: z.string(),
  /** Names; in former versions the images by name. Other events have none. */
  updated_tags: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).nullish(),
});

/** Nothing tells charts from images. */
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
