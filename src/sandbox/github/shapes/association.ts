// An author's association with a repository. It is coarse: the App checks permissions by the API instead.

import type { Account } from "../world/records.ts";
import type { Repository } from "../world/repositories/repository.ts";

export function associationOf(repository: Repository, author: Account): string {
  if (author.id === repository.owner.id) return "OWNER";
  const level = repository.permissions.get(author.login.toLowerCase());
  if (level === undefined || level === "none") return author.type === "Bot" ? "NONE" : "CONTRIBUTOR";
  return repository.owner.type === "Organization" ? "MEMBER" : "COLLABORATOR";
}
