// How the App recognises its own comments and issues, and what it notes in them for itself: a comment of HTML, which GitHub
// does not show.

/** `about`: a kind, and perhaps what it is about, without `-->`. */
export function hiddenMarker(about: string): string {
  return `<!-- chart-promoter:${about} -->`;
}

/** What stands behind `kind` and a blank in the first marker of that kind; `undefined` when there is none. */
export function hiddenNote(body: string, kind: string): string | undefined {
  return body.split(`<!-- chart-promoter:${kind} `)[1]?.split(" -->")[0];
}

/** A marker with a value that `readHiddenJson` gives back. Nothing in it can end the comment, or mean anything else to GitHub. */
export function hiddenJson(kind: string, value: unknown): string {
  const plain = JSON.stringify(value).replace(
    /[^\w \\":,.{}[\]/]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return hiddenMarker(`${kind} ${plain}`);
}

/** `undefined` where there is none, or people have edited it. */
export function readHiddenJson(body: string, kind: string): unknown {
  try {
    return JSON.parse(hiddenNote(body, kind) ?? "");
  } catch {
    return undefined;
  }
}
