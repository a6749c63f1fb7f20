// A command as it is run, and how it ends.

import type { CheckedPullRequest } from "../../domain/model/github/checked-pull-request.ts";
import type { Dependent, RepositoryIndex } from "../../domain/model/github/repository.ts";
import type { RepositoryContext } from "../context.ts";

/** Where comments are read. */
export interface CommentContext extends RepositoryContext {
  readonly index: RepositoryIndex;
  readonly dependents: readonly Dependent[];
  /** Takes the instants at which all is to be looked at again because of what a command proposed, or found to be waiting. */
  readonly resyncAt: Date[];
}

/** Who gave a command, and in which repository. */
export interface Commander extends CommentContext {
  readonly login: string;
}

/** A command in a comment. */
export interface CommandContext extends Commander {
  /** The comment that it stands in. */
  readonly commentId: number;
  /** By GitHub's clock, to the second; or edited last. */
  readonly writtenAt: Date;
  /** When GitHub first told of that comment: the same for every try. */
  readonly saidAt: Date;
}

/** A command on its pull request. */
export interface PullRequestContext extends CommandContext {
  readonly head: CheckedPullRequest;
}

/** A command on an issue about drift. */
export interface DriftContext extends CommandContext {
  /** The environment that drifted. */
  readonly drifted: string;
}

/** How a command ended, and what has to be said about it beyond the reaction. */
export type CommandReply =
  | { readonly kind: "done"; readonly message?: string }
  /** `message`: of what was done all the same. */
  | {
      readonly kind: "refused";
      readonly because: string;
      readonly help: string;
      readonly message?: string;
    };
