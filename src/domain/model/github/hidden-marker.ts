// Hidden markers by which the App recognises its own comments and issues and stores notes in them: HTML comments, which
// GitHub does not render.

/** `about`: a kind, optionally followed by an argument; must not contain `-->`. */
export function hiddenMarker(about: string): string {
  return `<!-- chart-promoter:${about} -->`;
}

/** The argument of the first marker of this kind; `undefined` when there is none. */
export function hiddenNote(body: string, kind: string): string | undefined {
  return body.split(`<!-- chart-promoter:${kind} `)[1]?.split(" -->")[0];
}

/**
 * A marker with a JSON value, read by `readHiddenJson`. Escaped so that it cannot end the comment or be interpreted by
 * GitHub.
 */
export function hiddenJson(kind: string, value: unknown): string {
  const plain = JSON.stringify(value).replace(
    /[^\w \\":,.{}[\]/]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return hiddenMarker(`${kind} ${plain}`);
}

/** `undefined` when there is none, or people have broken it. */
export function readHiddenJson(body: string, kind: string): unknown {
  try {
    return JSON.parse(hiddenNote(body, kind) ?? "");
  } catch {
    return undefined;
  }
}
