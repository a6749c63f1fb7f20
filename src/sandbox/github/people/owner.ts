// A person who changes settings of repositories and installations.

import { acceptPermissions, changeSelection, suspend, uninstall, unsuspend } from "../world/installations.ts";
import type { Account, BranchRule, Permission } from "../world/records.ts";
import type { Repository, RepositorySettings } from "../world/repositories/repository.ts";
import type { PermissionSet, World } from "../world/world.ts";
import type { Acting } from "./person.ts";
import {
  changeDefaultBranch,
  deleteRepository,
  fork,
  rename,
  renameBranch,
  setArchived,
  setPermission,
  transfer,
} from "./settings.ts";

export class Owner {
  readonly account: Account;
  readonly #world: World;
  readonly #in: Acting;

  constructor(world: World, account: Account, acting: Acting) {
    this.#world = world;
    this.account = account;
    this.#in = acting;
  }

  rename(repository: string, name: string): void {
    this.#in(repository, (found) => rename(this.#world, { repository: found, sender: this.account }, name));
  }

  transfer(repository: string, owner: string): void {
    this.#in(repository, (found) =>
      transfer(this.#world, { repository: found, sender: this.account }, owner),
    );
  }

  archive(repository: string): void {
    this.#in(repository, (found) =>
      setArchived(this.#world, { repository: found, sender: this.account }, "archived"),
    );
  }

  unarchive(repository: string): void {
    this.#in(repository, (found) =>
      setArchived(this.#world, { repository: found, sender: this.account }, "unarchived"),
    );
  }

  deleteRepository(repository: string): void {
    this.#in(repository, (found) =>
      deleteRepository(this.#world, { repository: found, sender: this.account }),
    );
  }

  changeDefaultBranch(repository: string, branch: string): void {
    this.#in(repository, (found) =>
      changeDefaultBranch(this.#world, { repository: found, sender: this.account }, branch),
    );
  }

  renameBranch(repository: string, from: string, to: string): void {
    this.#in(repository, (found) =>
      renameBranch(this.#world, { repository: found, sender: this.account }, { from, to }),
    );
  }

  /** Forks into this person's own account. */
  fork(repository: string): Repository {
    return this.#in(repository, (found) => fork(this.#world, found, this.account));
  }

  setPermission(repository: string, login: string, level: Permission): void {
    this.#in(repository, (found) => setPermission(this.#world, found, { login, level }));
  }

  /** Slugs of the teams with access, which may be requested as reviewers. */
  setTeams(repository: string, teams: readonly string[]): void {
    this.#in(repository, (found) => {
      found.teams = teams;
    });
  }

  /** Replaces the rulesets of a repository. */
  setRules(repository: string, rules: readonly (Partial<BranchRule> & Pick<BranchRule, "pattern">)[]): void {
    this.#in(repository, (found) => {
      found.rules = rules.map((rule) => ({ ...NO_RULE, ...rule }));
    });
  }

  changeSettings(repository: string, settings: Partial<RepositorySettings>): void {
    this.#in(repository, (found) => {
      found.settings = { ...found.settings, ...settings };
    });
  }

  uninstall(installationId: number): void {
    uninstall(this.#world, { id: installationId, sender: this.account });
  }

  suspend(installationId: number): void {
    suspend(this.#world, { id: installationId, sender: this.account });
  }

  unsuspend(installationId: number): void {
    unsuspend(this.#world, { id: installationId, sender: this.account });
  }

  acceptPermissions(installationId: number, permissions: PermissionSet): void {
    acceptPermissions(this.#world, { id: installationId, permissions, sender: this.account });
  }

  /** Names without their owner. */
  addRepositories(installationId: number, names: readonly string[]): void {
    changeSelection(this.#world, { id: installationId, add: names, sender: this.account });
  }

  removeRepositories(installationId: number, names: readonly string[]): void {
    changeSelection(this.#world, { id: installationId, remove: names, sender: this.account });
  }
}

const NO_RULE: Omit<BranchRule, "pattern"> = {
  approvals: 0,
  requiredChecks: [],
  protected: false,
  blocksCreations: false,
  mergeQueue: false,
  bypass: [],
};
