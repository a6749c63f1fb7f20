// What commands in comments need of GitHub.

import type { ConfigRepository } from "../../model/repository.ts";
import type { Files } from "../../model/umbrella.ts";

export type Reaction = "+1" | "-1" | "confused";

export interface CommandGitHub {
  /** As it stands now; `undefined` when it was deleted. */
  readComment(
    repository: ConfigRepository,
    commentId: number,
  ): Promise<{ readonly body: string; readonly login: string } | undefined>;
  /** Whether the App reacted to it already: then it was dealt with. */
  hasReacted(repository: ConfigRepository, commentId: number): Promise<boolean>;
  react(
    repository: ConfigRepository,
    { commentId, reaction }: { readonly commentId: number; readonly reaction: Reaction },
  ): Promise<void>;
  /** By the repository's own permissions. */
  mayWrite(repository: ConfigRepository, login: string): Promise<boolean>;
  /** Made when the repository has no such label yet. */
  addLabel(repository: ConfigRepository, number: number, label: string): Promise<void>;
  removeLabel(repository: ConfigRepository, number: number, label: string): Promise<void>;
  /** Texts at several commits, by commit and path in the repository. One query. */
  textsAt(
    repository: ConfigRepository,
    asked: { readonly commits: readonly string[]; readonly paths: readonly string[] },
  ): Promise<ReadonlyMap<string, Files>>;
}
