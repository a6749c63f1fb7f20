// One of the App's own issues by number: its body, and who has edited it since the App did.

import { withPlainBreaks } from "../../../domain/model/github/tick-box.ts";
import type { OwnIssue } from "../../../reconcile/ports/github/texts-on-github.ts";
import { unlessMissing } from "../api/failure.ts";
import type { RepositoryAccess } from "../repository-access.ts";
import { isByApp, type RawActor } from "./pull-requests/by-app.ts";

/** Edits read from either end: GitHub does not document their order. */
const EDITS = 20;

export async function readOwnIssue(
  { client, repository: { owner, name }, app }: RepositoryAccess,
  number: number,
): Promise<OwnIssue | undefined> {
  const answer = await unlessMissing(
    client.query<RawAnswer>(
      `reading issue #${number}`,
      `query OwnIssue($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    thread: issueOrPullRequest(number: $number) {
      ... on Issue {
        id state title body author { login __typename }
        maybeFirst: userContentEdits(first: ${EDITS}) { nodes { ...Edited } }
        maybeLast: userContentEdits(last: ${EDITS}) { nodes { ...Edited } }
      }
    }
  }
}
fragment Edited on UserContentEdit { editedAt editor { login __typename } }`,
      { owner, name, number },
    ),
  );
  const slug = await app.slug();
  const issue = answer?.repository.thread;
  if (!issue?.id || !isByApp(issue.author, slug)) return undefined;
  const edits = [...nodesOf(issue.maybeFirst), ...nodesOf(issue.maybeLast)];
  const { id, state, title, body } = issue;
  return {
    ...{ id, number, title, isOpen: state === "OPEN", body: withPlainBreaks(body) },
    editors: editorsSince(edits, slug),
  };
}

interface RawEdit {
  readonly editedAt: string;
  readonly editor: RawActor | null;
}

interface RawEdits {
  readonly nodes: readonly (RawEdit | null)[] | null;
}

interface RawAnswer {
  readonly repository: {
    /** Empty for a pull request. */
    readonly thread: {
      readonly id?: string;
      readonly state: string;
      readonly title: string;
      readonly body: string;
      readonly author: RawActor | null;
      readonly maybeFirst: RawEdits | null;
      readonly maybeLast: RawEdits | null;
    } | null;
  };
}

function nodesOf(edits: RawEdits | null): readonly RawEdit[] {
  return edits?.nodes?.filter((edit) => edit !== null) ?? [];
}

/** Includes edits in the same second as the App's own, whose order is unknown. */
function editorsSince(edits: readonly RawEdit[], slug: string): readonly string[] {
  const own = edits.filter(({ editor }) => isByApp(editor, slug));
  const last = Math.max(0, ...own.map(({ editedAt }) => Date.parse(editedAt)));
  const later = edits.filter(
    ({ editor, editedAt }) => Date.parse(editedAt) >= last && !isByApp(editor, slug),
  );
  return [...new Set(later.map(({ editor }) => (editor?.__typename === "User" ? editor.login : "")))];
}
