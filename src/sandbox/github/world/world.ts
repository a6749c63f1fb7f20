// The whole state of the offline GitHub, and the source of its events.

import type { Account } from "./records.ts";
import { notFound } from "./refusal.ts";
import type { Repository } from "./repositories/repository.ts";

export type Access = "read" | "write";
export type PermissionSet = { readonly [permission: string]: Access };

export interface Installation {
  readonly id: number;
  readonly account: Account;
  readonly permissions: PermissionSet;
  readonly selection: "all" | "selected";
  /** Ids of repositories, when selected. */
  readonly repositoryIds: ReadonlySet<number>;
  readonly suspendedAt?: Date;
  readonly createdAt: Date;
}

export interface AppIdentity {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly clientId: string;
  readonly permissions: PermissionSet;
  readonly events: readonly string[];
  readonly bot: Account;
}

/** An event for webhooks. The payload is without repository, sender and installation. */
export interface WorldEvent {
  readonly name: string;
  readonly action?: string;
  readonly repository: Repository;
  readonly sender: Account;
  readonly payload: object;
}

export interface InstallationEvent {
  readonly name: "installation" | "installation_repositories";
  readonly action: string;
  readonly installation: Installation;
  readonly sender: Account;
  readonly payload: object;
}

/** Whether a read returns the state before the last change, and for what. */
export type Stale = boolean | "records";

export interface WorldOptions {
  readonly app: Omit<AppIdentity, "bot" | "id"> & { readonly id: number };
  readonly now: () => Date;
  /** How long a merge commit is not associated with its pull request. */
  readonly associationLagMs: number;
}

export class World {
  readonly app: AppIdentity;
  readonly now: () => Date;
  readonly associationLagMs: number;
  readonly accounts = new Map<string, Account>();
  readonly repositories = new Map<number, Repository>();
  readonly installations = new Map<number, Installation>();
  /** Old full name in lower case to repository id. */
  readonly redirects = new Map<string, number>();
  /** Base URL of this GitHub's pages, without a trailing slash. */
  origin = "http://github.invalid";
  /** Set by the sender of webhooks. */
  onEvent: (event: WorldEvent) => void = () => undefined;
  onInstallationEvent: (event: InstallationEvent) => void = () => undefined;
  #nextId = 100_000;
  readonly #before = new Map<number, Repository>();

  constructor({ app, now, associationLagMs }: WorldOptions) {
    this.now = now;
    this.associationLagMs = associationLagMs;
    this.app = { ...app, bot: this.account(`${app.slug}[bot]`, "Bot") };
  }

  newId(): number {
    return this.#nextId++;
  }

  /** The account with this login; created if it is new. */
  account(login: string, type: Account["type"] = "User"): Account {
    const known = this.accounts.get(login.toLowerCase());
    if (known !== undefined) return known;
    const account = { id: this.newId(), login, type };
    this.accounts.set(login.toLowerCase(), account);
    return account;
  }

  repository(fullName: string): Repository | undefined {
    const wanted = fullName.toLowerCase();
    return [...this.repositories.values()].find((repository) => repository.fullName.toLowerCase() === wanted);
  }

  mustRepository(fullName: string): Repository {
    const repository = this.repository(fullName);
    if (repository === undefined)
      throw notFound(`Could not resolve to a Repository with the name '${fullName}'.`);
    return repository;
  }

  /** The repository that formerly had this name, unless another has taken it. */
  formerly(fullName: string): Repository | undefined {
    const id = this.redirects.get(fullName.toLowerCase());
    return id === undefined ? undefined : this.repositories.get(id);
  }

  /** Saves the state of a repository before a change, for stale reads. */
  remember(repository: Repository): void {
    this.#before.set(repository.id, repository.copy());
  }

  /** The repository before its last change; `records`: with its present branches, which GitHub stores separately. */
  before(repository: Repository, stale: Stale = true): Repository {
    const before = this.#before.get(repository.id) ?? repository;
    return stale === "records" ? Object.assign(before.copy(), { refs: new Map(repository.refs) }) : before;
  }

  emit(event: WorldEvent): void {
    this.onEvent(event);
  }

  installationOf(repository: Repository): Installation | undefined {
    return [...this.installations.values()].find(
      ({ account, selection, repositoryIds }) =>
        account.id === repository.owner.id && (selection === "all" || repositoryIds.has(repository.id)),
    );
  }

  repositoriesOf(installation: Installation): Repository[] {
    return [...this.repositories.values()].filter(
      (repository) => this.installationOf(repository)?.id === installation.id,
    );
  }
}
