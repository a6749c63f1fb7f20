// What commands in comments need of GitHub.

import type { LabelEvent } from "../../../domain/model/github/guarded-labels.ts";
import type { Files } from "../../../domain/model/umbrella.ts";

export type Reaction = "+1" | "-1" | "confused";

/** A comment of somebody who is no bot. */
export interface CommentSeen {
  readonly commentId: number;
  /** Of the pull request, or of the issue that it stands on. */
  readonly number: number;
  readonly onIssue: boolean;
  readonly body: string;
  /** When it was written, or edited last. */
  readonly updatedAt: Date;
}

/** Whoever may write to a repository may edit the comments of everybody else there. */
export interface WrittenComment {
  readonly body: string;
  /** Login of who wrote the text that stands there: whoever edited it last, or else its author. "" where that is nobody known. */
  readonly writtenBy: string;
  readonly edited: boolean;
  /** When it was written, or edited last. */
  readonly updatedAt: Date;
}

export interface CommandGitHub {
  /** Written or edited at or after this instant on pull requests and issues, as far as few requests show; oldest first. */
  commentsSince(since: Date): Promise<readonly CommentSeen[]>;
  /** As it stands now; `undefined` when it was deleted. */
  readComment(commentId: number): Promise<{ readonly id: string; readonly body: string } | undefined>;
  /** With whose text it is. `id`: of the comment's node. */
  readWrittenComment(id: string): Promise<WrittenComment | undefined>;
  /** What one of the App's own issues says; `undefined` when the number is none of those. */
  readIssue(number: number): Promise<{ readonly body: string } | undefined>;
  /** Whether the App reacted to it already: then it was dealt with. */
  hasReacted(commentId: number): Promise<boolean>;
  react({ commentId, reaction }: { readonly commentId: number; readonly reaction: Reaction }): Promise<void>;
  /** By the repository's own permissions. */
  mayWrite(login: string): Promise<boolean>;
  /** Made when the repository has no such label yet. */
  addLabel(number: number, label: string): Promise<void>;
  removeLabel(number: number, label: string): Promise<void>;
  /** When the label was put on last, or taken off; `undefined` when GitHub shows no such event. */
  lastLabelChange(number: number, label: string): Promise<LabelEvent | undefined>;
  /** Texts at several commits, by commit and path in the repository. One query. */
  textsAt(query: {
    readonly commits: readonly string[];
    readonly paths: readonly string[];
  }): Promise<ReadonlyMap<string, Files>>;
}
