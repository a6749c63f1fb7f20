// Check runs and suites as REST and webhooks show them.

import type { CheckRun, CheckSuite } from "../world/records.ts";
import type { Repository } from "../world/repositories/repository.ts";
import type { World } from "../world/world.ts";
import { accountJson, timeJson } from "./account.ts";
import { nodeId } from "./node-id.ts";
import { apiUrl, htmlUrl } from "./repository.ts";

export function checkRunJson(world: World, repository: Repository, run: CheckRun): object {
  const url = apiUrl(world, repository, `/check-runs/${run.id}`);
  const suite = repository.checkSuites.get(run.suiteId);
  return {
    id: run.id,
    node_id: nodeId("CheckRun", [repository.id, run.id]),
    name: run.name,
    head_sha: run.headOid,
    external_id: run.externalId,
    url,
    html_url: htmlUrl(world, repository, `/runs/${run.id}`),
    details_url: run.detailsUrl,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt === null ? null : timeJson(run.startedAt),
    completed_at: run.completedAt === null ? null : timeJson(run.completedAt),
    output: {
      ...run.output,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: suite === undefined ? null : checkSuiteJson(world, repository, suite),
    app: appJson(world),
    pull_requests: pullStubs(world, repository, run.headOid),
  };
}

export function checkSuiteJson(world: World, repository: Repository, suite: CheckSuite): object {
  return {
    id: suite.id,
    node_id: nodeId("CheckSuite", [repository.id, suite.id]),
    head_branch: suite.headBranch,
    head_sha: suite.headOid,
    status: "completed",
    conclusion: null,
    before: null,
    after: suite.headOid,
    app: appJson(world),
    pull_requests: pullStubs(world, repository, suite.headOid),
    created_at: timeJson(suite.createdAt),
    updated_at: timeJson(suite.createdAt),
  };
}

export function appJson(world: World): object {
  const { id, slug, name, clientId, permissions, events, bot } = world.app;
  return {
    id,
    slug,
    node_id: nodeId("App", [id]),
    client_id: clientId,
    owner: accountJson(world, bot),
    name,
    permissions,
    events,
    html_url: `${world.origin}/apps/${slug}`,
  };
}

/** Open pull requests of this repository with that head; none for forks, as on GitHub. */
function pullStubs(world: World, repository: Repository, headOid: string): object[] {
  return repository
    .pulls()
    .filter(
      ({ state, head }) => state === "open" && head.oid === headOid && head.repositoryId === repository.id,
    )
    .map(({ id, number, head, base }) => ({
      url: apiUrl(world, repository, `/pulls/${number}`),
      id,
      number,
      head: { ref: head.branch, sha: head.oid, repo: { id: repository.id, name: repository.name } },
      base: { ref: base.branch, sha: base.oid, repo: { id: repository.id, name: repository.name } },
    }));
}
