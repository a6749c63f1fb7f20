// A review as REST and webhooks show it.

import type { Review } from "../world/records.ts";
import type { Repository } from "../world/repositories/repository.ts";
import type { World } from "../world/world.ts";
import { accountJson, timeJson } from "./account.ts";
import { associationOf } from "./association.ts";
import { nodeId } from "./node-id.ts";
import { htmlUrl } from "./repository.ts";

export function reviewJson(world: World, repository: Repository, review: Review): object {
  return {
    id: review.id,
    node_id: nodeId("PullRequestReview", [repository.id, review.id]),
    user: accountJson(world, review.author),
    body: review.body === "" ? null : review.body,
    commit_id: review.commitOid,
    submitted_at: timeJson(review.submittedAt),
    state: review.state.toLowerCase(),
    html_url: htmlUrl(world, repository, `/pull/${review.number}#pullrequestreview-${review.id}`),
    author_association: associationOf(repository, review.author),
  };
}
