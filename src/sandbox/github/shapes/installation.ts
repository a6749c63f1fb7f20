// An installation as REST and webhooks show it.

import type { Installation, World } from "../world/world.ts";
import { accountJson, timeJson } from "./account.ts";

export function installationJson(world: World, installation: Installation): object {
  const { id, account, permissions, selection, suspendedAt, createdAt } = installation;
  return {
    id,
    account: accountJson(world, account),
    repository_selection: selection,
    access_tokens_url: `${world.origin}/api/v3/app/installations/${id}/access_tokens`,
    repositories_url: `${world.origin}/api/v3/installation/repositories`,
    html_url: `${world.origin}/settings/installations/${id}`,
    app_id: world.app.id,
    app_slug: world.app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions,
    events: world.app.events,
    created_at: timeJson(createdAt),
    updated_at: timeJson(createdAt),
    single_file_name: null,
    suspended_by: null,
    suspended_at: suspendedAt === undefined ? null : timeJson(suspendedAt),
  };
}
