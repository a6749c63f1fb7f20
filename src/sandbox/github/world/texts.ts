// Limits for titles and bodies.

import { unprocessable } from "./refusal.ts";

const TITLE_LIMIT = 256;
const BODY_LIMIT = 65_536;

/** Throws GitHub's refusal of a blank or too long title, or of a too long body; lengths are in characters. */
export function checkTexts({
  title,
  body,
}: {
  readonly title?: string | undefined;
  readonly body?: string | undefined;
}): void {
  if (title?.trim() === "") throw unprocessable("Title can't be blank");
  if (title !== undefined && charactersIn(title) > TITLE_LIMIT)
    throw unprocessable(`Title is too long (maximum is ${TITLE_LIMIT} characters)`);
  if (body !== undefined && charactersIn(body) > BODY_LIMIT)
    throw unprocessable(`Body is too long (maximum is ${BODY_LIMIT} characters)`);
}

/** Code points: an emoji counts once. */
function charactersIn(text: string): number {
  return text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
}
