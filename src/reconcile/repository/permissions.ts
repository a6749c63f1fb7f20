// Permissions that GitHub does not give the App: reported in the config issue and retried, without stopping other work.

import {
  type ConfigRepository,
  type NeededPermission,
  nameWithOwner,
} from "../../domain/model/github/repository.ts";
import type { Deps, RepositoryContext } from "../context.ts";
import { fullResyncOf } from "../installation/discover.ts";
import { lacksPermission } from "../ports/github/github-refusal.ts";
import { describeObstacles } from "./config-issue.ts";
import { changeIndex } from "./index/change-index.ts";
import { writeConfigIssue } from "./write-config-issue.ts";

/** New permissions are announced by webhook, but a cached token keeps the old ones: retry with a new token. */
const RETRY_MS = 5 * 60_000;

/** Does what needs the permission; returns when to retry if GitHub denies it. */
export async function unlessDenied<Answer>(
  permission: NeededPermission,
  act: () => Promise<Answer>,
  { repository, deps }: Pick<RepositoryContext, "repository" | "deps">,
): Promise<Answer | { readonly kind: "denied"; readonly requeueAt: Date }> {
  try {
    return await act();
  } catch (error) {
    if (!lacksPermission(error)) throw error;
    deps.log.warn(
      { repository: nameWithOwner(repository), permission, err: error },
      "GitHub denies it to the App",
    );
    await notePermission(permission, "lacking", { repository, deps });
    return { kind: "denied", requeueAt: new Date(deps.clock().getTime() + RETRY_MS) };
  }
}

/**
 * `given`: a write that needs it has succeeded. A change triggers a full resync, which reports it and retries what was
 * denied.
 */
export async function notePermission(
  permission: NeededPermission,
  state: "given" | "lacking",
  { repository: { id }, deps: { store, clock } }: Pick<RepositoryContext, "repository" | "deps">,
): Promise<void> {
  const isLacking = state === "lacking";
  await store.permissions.note({ repositoryId: id, permission, isLacking }, fullResyncOf(id, clock()));
}

/** Updates the config issue with the lacking permissions. */
export async function reportPermissions({ id }: Pick<ConfigRepository, "id">, deps: Deps): Promise<void> {
  const { store } = deps;
  const lacking = await store.permissions.lacking(id);
  const { repository, index } = (await store.repositories.withIndex(id)) ?? {};
  if (!repository || !index?.config) return;
  const isSame = JSON.stringify(index.lacking ?? []) === JSON.stringify(lacking);
  if (isSame && !index.issueDue) return;
  const isReported = await writeConfigIssue(
    describeObstacles(index.obstacles ?? [], lacking),
    repository,
    deps,
  );
  if (isReported) await changeIndex(repository, { lacking, issueDue: undefined }, deps);
}
