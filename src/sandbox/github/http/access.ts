// What a viewer may see and do: the repositories of its installation, within the permissions of its token.

import { forbidden, notFound } from "../world/refusal.ts";
import type { Repository } from "../world/repositories/repository.ts";
import type { Access, World } from "../world/world.ts";
import type { Viewer } from "./tokens.ts";

export type Need = readonly [permission: string, access: Access];

export function maySee(world: World, viewer: Viewer, repository: Repository): boolean {
  if (viewer.kind !== "installation") return false;
  if (world.installationOf(repository)?.id !== viewer.installationId) return false;
  return viewer.repositoryIds === undefined || viewer.repositoryIds.has(repository.id);
}

export function may(viewer: Viewer, [permission, access]: Need): boolean {
  if (viewer.kind !== "installation") return false;
  const held = viewer.permissions[permission] ?? (permission === "metadata" ? "read" : undefined);
  return held === "write" || held === access;
}

/** Throws a Refusal unless every need is met. */
export function demand(viewer: Viewer, ...needs: readonly Need[]): void {
  if (!needs.every((need) => may(viewer, need))) throw forbidden();
}

/** The repository, if the viewer sees it; what it does not see does not exist for it. */
export function visible(world: World, viewer: Viewer, repository: Repository | undefined): Repository {
  if (repository === undefined || !maySee(world, viewer, repository)) throw notFound();
  return repository;
}
