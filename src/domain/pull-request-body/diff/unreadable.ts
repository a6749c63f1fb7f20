// A rendered document that could not be read, in words.

import type { UnreadableDocument } from "../manifests/manifests.ts";
import { clip, code, text } from "../markdown/escape.ts";

/** "`web/templates/job.yaml`, line 4: it has no kind": Markdown. */
export function unreadableText({ template, line, message }: UnreadableDocument): string {
  const file = template === "" ? "of a template that Helm does not name" : code(clip(template, 200));
  return `${file}, line ${line}: ${text(clip(message, 200))}`;
}
