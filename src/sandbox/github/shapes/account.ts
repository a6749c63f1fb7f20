// Accounts as REST and webhooks show them, and node ids.

import type { Account } from "../world/records.ts";
import type { World } from "../world/world.ts";
import { nodeId } from "./node-id.ts";

export function accountJson(world: World, { id, login, type }: Account): object {
  return {
    login,
    id,
    node_id: nodeId(type === "Bot" ? "Bot" : type, [id]),
    avatar_url: `${world.origin}/avatars/${id}`,
    url: `${world.origin}/api/v3/users/${encodeURIComponent(login)}`,
    html_url: `${world.origin}/${type === "Bot" ? `apps/${login.replace("[bot]", "")}` : login}`,
    type,
    site_admin: false,
  };
}

/** ISO 8601 in UTC with whole seconds, as GitHub writes every time. */
export function timeJson(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}
