// What a viewer may see and do: an installation, within the permissions of its token; a person, what both the person
// and the App may do.

import type { Permission } from "../world/records.ts";
import { forbidden, notFound, Refusal } from "../world/refusal.ts";
import type { Repository } from "../world/repositories/repository.ts";
import type { Access, World } from "../world/world.ts";
import type { Viewer } from "./tokens.ts";

export type Need = readonly [permission: string, access: Access];

export function maySee(world: World, viewer: Viewer, repository: Repository): boolean {
  if (viewer.kind === "person")
    return (
      roleOf(repository, viewer.login) !== "none" &&
      (!repository.private || world.installationOf(repository) !== undefined)
    );
  if (viewer.kind !== "installation") return false;
  if (world.installationOf(repository)?.id !== viewer.installationId) return false;
  return viewer.repositoryIds === undefined || viewer.repositoryIds.has(repository.id);
}

/** A person's role in a repository. */
export function roleOf(repository: Repository, login: string): Permission {
  if (repository.owner.login.toLowerCase() === login.toLowerCase()) return "admin";
  return repository.permissions.get(login.toLowerCase()) ?? (repository.private ? "none" : "read");
}

const WRITERS: ReadonlySet<string> = new Set(["admin", "maintain", "write"]);

/** Throws a Refusal for a person without write access, who may only comment. */
export function demandWriter(viewer: Viewer, repository: Repository): void {
  if (viewer.kind === "person" && !WRITERS.has(roleOf(repository, viewer.login)))
    throw new Refusal("FORBIDDEN", "Must have push access to repository");
}

/** The App's permissions for requests on behalf of people, who may never do more. */
const FOR_PEOPLE: ReadonlySet<string> = new Set([
  "metadata",
  "contents",
  "pull_requests",
  "issues",
  "checks",
]);

export function may(viewer: Viewer, [permission, access]: Need): boolean {
  if (viewer.kind === "person")
    return FOR_PEOPLE.has(permission) && (access === "read" || /^(pull_requests|issues)$/.test(permission));
  if (viewer.kind !== "installation") return false;
  const held = viewer.permissions[permission] ?? (permission === "metadata" ? "read" : undefined);
  return held === "write" || held === access;
}

/** Throws a Refusal unless every need is met. */
export function demand(viewer: Viewer, ...needs: readonly Need[]): void {
  if (!needs.every((need) => may(viewer, need))) throw forbidden();
}

/** The repository, if the viewer may see it; otherwise it does not exist. */
export function visible(world: World, viewer: Viewer, repository: Repository | undefined): Repository {
  if (repository === undefined || !maySee(world, viewer, repository)) throw notFound();
  return repository;
}
