// The context of a slash command, and its reply.

import type { CheckedPullRequest } from "../../domain/model/github/checked-pull-request.ts";
import type { Dependent, RepositoryIndex } from "../../domain/model/github/repository.ts";
import type { RepositoryContext } from "../context.ts";

/** The context in which comments are processed. */
export interface CommentContext extends RepositoryContext {
  readonly index: RepositoryIndex;
  readonly dependents: readonly Dependent[];
  /** Collects when to resync, because of what a command proposed or found waiting. */
  readonly resyncAt: Date[];
}

/** The person who gave a command, and the repository. */
export interface Commander extends CommentContext {
  readonly login: string;
}

/** A slash command in a comment. */
export interface CommandContext extends Commander {
  /** Id of the comment. */
  readonly commentId: number;
  /** When the comment was written or last edited; GitHub's timestamp, in whole seconds. */
  readonly writtenAt: Date;
  /** When the comment's first webhook arrived; the same for every retry. */
  readonly commentedAt: Date;
}

/** A command on a pull request. */
export interface PullRequestContext extends CommandContext {
  readonly head: CheckedPullRequest;
}

/** A command on an issue about drift. */
export interface DriftContext extends CommandContext {
  /** The environment that drifted. */
  readonly drifted: string;
}

/** How a command ended, and what the reply says besides the reaction. */
export type CommandReply =
  | { readonly kind: "done"; readonly message?: string }
  /** `message`: about the parts that were done nevertheless. */
  | {
      readonly kind: "refused";
      readonly because: string;
      readonly help: string;
      readonly message?: string;
    };
