// Installations of the App, and their events.

import { repositoryStubJson } from "../shapes/repository.ts";
import type { Account } from "./records.ts";
import type { Installation, PermissionSet, World } from "./world.ts";

export interface NewInstallation {
  /** Login of the account it is installed on. */
  readonly account: string;
  /** Names of the account's repositories; `"all"` covers later ones too. */
  readonly repositories: "all" | readonly string[];
  readonly permissions?: PermissionSet | undefined;
  readonly sender?: string;
}

export function install(world: World, wanted: NewInstallation): Installation {
  const account = world.account(wanted.account);
  const names = wanted.repositories;
  const ids = names === "all" ? [] : names.map((name) => world.mustRepository(`${account.login}/${name}`).id);
  const installation: Installation = {
    id: world.newId(),
    account,
    permissions: wanted.permissions ?? world.app.permissions,
    selection: names === "all" ? "all" : "selected",
    repositoryIds: new Set(ids),
    createdAt: world.now(),
  };
  world.installations.set(installation.id, installation);
  const sender = world.account(wanted.sender ?? account.login);
  emitFor(world, {
    installation,
    action: "created",
    sender,
    payload: { repositories: stubs(world, installation) },
  });
  return installation;
}

export function uninstall(
  world: World,
  { id, sender }: { readonly id: number; readonly sender: Account },
): void {
  const installation = mustInstallation(world, id);
  const payload = { repositories: stubs(world, installation) };
  world.installations.delete(id);
  emitFor(world, { installation, action: "deleted", sender, payload });
}

/** A suspended installation gets no tokens, and no events but this one. */
export function suspend(
  world: World,
  { id, sender }: { readonly id: number; readonly sender: Account },
): void {
  const installation = { ...mustInstallation(world, id), suspendedAt: world.now() };
  world.installations.set(id, installation);
  emitFor(world, {
    installation,
    action: "suspend",
    sender,
    payload: { repositories: stubs(world, installation) },
  });
}

export function unsuspend(
  world: World,
  { id, sender }: { readonly id: number; readonly sender: Account },
): void {
  const { suspendedAt: _at, ...installation } = mustInstallation(world, id);
  world.installations.set(id, installation);
  emitFor(world, {
    installation,
    action: "unsuspend",
    sender,
    payload: { repositories: stubs(world, installation) },
  });
}

export function acceptPermissions(
  world: World,
  {
    id,
    permissions,
    sender,
  }: { readonly id: number; readonly permissions: PermissionSet; readonly sender: Account },
): void {
  const installation = { ...mustInstallation(world, id), permissions };
  world.installations.set(id, installation);
  emitFor(world, { installation, action: "new_permissions_accepted", sender, payload: {} });
}

/** Adds or removes repositories of an installation with selected ones. */
export function changeSelection(
  world: World,
  change: {
    readonly id: number;
    readonly add?: readonly string[];
    readonly remove?: readonly string[];
    readonly sender: Account;
  },
): void {
  const before = mustInstallation(world, change.id);
  const find = (name: string) => world.mustRepository(`${before.account.login}/${name}`);
  const added = (change.add ?? []).map(find);
  const removed = (change.remove ?? []).map(find);
  const ids = new Set([...before.repositoryIds, ...added.map(({ id }) => id)]);
  for (const { id } of removed) ids.delete(id);
  const installation: Installation = { ...before, selection: "selected", repositoryIds: ids };
  world.installations.set(change.id, installation);
  const event = { name: "installation_repositories", installation, sender: change.sender } as const;
  const payload = {
    repository_selection: installation.selection,
    repositories_added: added.map(repositoryStubJson),
    repositories_removed: removed.map(repositoryStubJson),
    requester: null,
  };
  if (added.length > 0)
    world.onInstallationEvent({
      ...event,
      action: "added",
      payload: { ...payload, repositories_removed: [] },
    });
  if (removed.length > 0)
    world.onInstallationEvent({
      ...event,
      action: "removed",
      payload: { ...payload, repositories_added: [] },
    });
}

function mustInstallation(world: World, id: number): Installation {
  const installation = world.installations.get(id);
  if (installation === undefined) throw new Error(`no installation ${id}`);
  return installation;
}

function stubs(world: World, installation: Installation): object[] {
  return world.repositoriesOf(installation).map(repositoryStubJson);
}

function emitFor(
  world: World,
  event: { installation: Installation; action: string; sender: Account; payload: object },
): void {
  world.onInstallationEvent({ name: "installation", ...event });
}
