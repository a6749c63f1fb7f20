// What commands in comments need of GitHub.

import type { LabelEvent } from "../../../domain/model/github/guarded-labels.ts";
import type { Files } from "../../../domain/model/umbrella.ts";

export type Reaction = "+1" | "-1" | "confused";

/** A comment that no bot wrote, or edited last. */
export interface CommentSeen {
  readonly commentId: number;
  /** Number of the pull request or issue. */
  readonly number: number;
  readonly onIssue: boolean;
  readonly body: string;
  /** When it was written or last edited. */
  readonly updatedAt: Date;
}

/** A comment with the author of its current text: anyone with write access may edit other people's comments. */
export interface WrittenComment {
  readonly body: string;
  /** Login of the last editor, or else the author; "" when the account is unknown. */
  readonly writtenBy: string;
  readonly edited: boolean;
  /** When it was written or last edited. */
  readonly updatedAt: Date;
}

export interface CommandGitHub {
  /**
   * Comments on pull requests and issues written or edited at or after this instant, oldest first; limited to what a
   * few requests return.
   */
  commentsSince(since: Date): Promise<readonly CommentSeen[]>;
  /** The current text; `undefined` when it was deleted. */
  readComment(commentId: number): Promise<{ readonly id: string; readonly body: string } | undefined>;
  /** With the author of its current text. `id`: GraphQL node id of the comment. */
  readWrittenComment(id: string): Promise<WrittenComment | undefined>;
  /** The body of one of the App's own issues; `undefined` when the number is not one. */
  readIssue(number: number): Promise<{ readonly body: string } | undefined>;
  /** Whether the App has reacted to it: its commands were then dealt with. */
  hasReacted(commentId: number): Promise<boolean>;
  react({ commentId, reaction }: { readonly commentId: number; readonly reaction: Reaction }): Promise<void>;
  /** By the repository's own permissions. */
  mayWrite(login: string): Promise<boolean>;
  /** Creates the label when the repository does not have it yet. */
  addLabel(number: number, label: string): Promise<void>;
  removeLabel(number: number, label: string): Promise<void>;
  /** The last `labeled` or `unlabeled` event of the label; `undefined` when GitHub shows none. */
  lastLabelChange(number: number, label: string): Promise<LabelEvent | undefined>;
  /** File texts at several commits, by commit and path in the repository. One query. */
  textsAt(query: {
    readonly commits: readonly string[];
    readonly paths: readonly string[];
  }): Promise<ReadonlyMap<string, Files>>;
}
