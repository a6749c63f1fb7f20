// What is remembered of the permissions that GitHub gives the App.

import type { NeededPermission } from "../../domain/model/github/repository.ts";

export interface Permissions {
  /** Those that GitHub was found not to give the App in this repository, in alphabetical order. */
  lacking(repositoryId: number): Promise<readonly NeededPermission[]>;
  /** Answers whether that is news. */
  note(repositoryId: number, permission: NeededPermission, isLacking: boolean): Promise<boolean>;
}
