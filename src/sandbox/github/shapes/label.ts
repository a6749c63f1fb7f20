// A label as REST and webhooks show it.

import type { Label } from "../world/records.ts";
import type { Repository } from "../world/repositories/repository.ts";
import type { World } from "../world/world.ts";
import { nodeId } from "./node-id.ts";
import { apiUrl } from "./repository.ts";

export function labelJson(world: World, repository: Repository, label: Label): object {
  return {
    id: label.id,
    node_id: nodeId("Label", [repository.id, label.id]),
    url: apiUrl(world, repository, `/labels/${encodeURIComponent(label.name)}`),
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

export function labelsJson(world: World, repository: Repository, ids: readonly number[]): object[] {
  return ids.flatMap((id) => {
    const label = repository.labels.get(id);
    return label === undefined ? [] : [labelJson(world, repository, label)];
  });
}
