// Files, commits and comparisons, found by branch or commit.

import { commitsBetween, distance, history, mergeBase } from "../git/history.ts";
import type { Mode } from "../git/object-store.ts";
import { changesBetween, itemAt } from "../git/trees.ts";
import { demand } from "../http/access.ts";
import { changedFileJson, commitJson } from "../shapes/commit.ts";
import { pullRequestJson } from "../shapes/pull-request.ts";
import { apiUrl, htmlUrl } from "../shapes/repository.ts";
import { pullRequestsOf } from "../world/associations.ts";
import { notFound, unprocessable } from "../world/refusal.ts";
import { page, type RepositoryRequest } from "./route.ts";

export function getContents({ world, repository, params, call }: RepositoryRequest) {
  const path = params["path"] ?? "";
  const commit = repository.resolve(call.query.get("ref") ?? repository.defaultBranch);
  if (commit === undefined) throw notFound(`No commit found for the ref ${call.query.get("ref")}`);
  const item = itemAt(repository.objects, repository.objects.mustCommit(commit).tree, path);
  if (item === undefined) throw notFound();
  const content = repository.objects.blob(item.oid);
  const json = (name: string, at: { path: string; oid: string; mode: Mode }) => ({
    name,
    path: at.path,
    sha: at.oid,
    type: at.mode === "40000" ? "dir" : "file",
    size: repository.objects.blob(at.oid)?.length ?? 0,
    url: apiUrl(world, repository, `/contents/${at.path}?ref=${commit}`),
    html_url: htmlUrl(world, repository, `/blob/${commit}/${at.path}`),
  });
  if (content === undefined) {
    const items = repository.objects.tree(item.oid) ?? [];
    return {
      status: 200,
      body: items.map((one) =>
        json(one.name, { ...one, path: path === "" ? one.name : `${path}/${one.name}` }),
      ),
    };
  }
  if (call.headers.accept?.includes("raw")) return { status: 200, body: content };
  const coded = { content: content.toString("base64"), encoding: "base64" };
  return { status: 200, body: { ...json(item.name, { ...item, path }), ...coded } };
}

export function compare({ world, repository, params, call }: RepositoryRequest) {
  const { objects: store } = repository;
  const [from = "", to = ""] = (params["basehead"] ?? "").split("...");
  const [base, head] = [repository.resolve(from), repository.resolve(to)];
  if (base === undefined || head === undefined) throw notFound();
  const fork = mergeBase(store, base, head);
  if (fork === undefined) throw notFound("No common ancestor between refs");
  const { aheadBy, behindBy, status } = distance(store, base, head);
  const changes = changesBetween(store, store.mustCommit(fork).tree, store.mustCommit(head).tree);
  const commits = commitsBetween(store, base, head);
  const body = {
    html_url: htmlUrl(world, repository, `/compare/${from}...${to}`),
    status: status.toLowerCase(),
    ahead_by: aheadBy,
    behind_by: behindBy,
    total_commits: commits.length,
    base_commit: commitJson(world, repository, base),
    merge_base_commit: commitJson(world, repository, fork),
    commits: comparedPage(commits, call.query).map((sha) => commitJson(world, repository, sha)),
    files: changes.slice(0, 300).map((change) => changedFileJson(repository, change)),
  };
  return { status: 200, body };
}

/** The newest 250, or, with paging, one page, oldest commits first. */
function comparedPage(commits: readonly string[], query: URLSearchParams): readonly string[] {
  if (!query.has("page")) return commits.slice(-250);
  const [size, page] = [Math.min(Number(query.get("per_page") ?? 250), 250), Number(query.get("page"))];
  return commits.slice((page - 1) * size, page * size);
}

export function getCommit({ world, repository, params }: RepositoryRequest) {
  const sha = repository.resolve(params["ref"] ?? "");
  if (sha === undefined) throw unprocessable(`No commit found for SHA: ${params["ref"]}`);
  const { objects: store } = repository;
  const { tree, parents } = store.mustCommit(sha);
  const before = parents[0] === undefined ? store.addTree([]) : store.mustCommit(parents[0]).tree;
  const files = changesBetween(store, before, tree).map((change) => changedFileJson(repository, change));
  return { status: 200, body: { ...commitJson(world, repository, sha), files } };
}

export function listCommits(request: RepositoryRequest) {
  const { world, repository, call } = request;
  const head = repository.resolve(call.query.get("sha") ?? repository.defaultBranch);
  if (head === undefined) throw notFound();
  return page(
    request,
    history(repository.objects, head).map((sha) => commitJson(world, repository, sha)),
  );
}

export function pullsOfCommit(request: RepositoryRequest) {
  const { world, repository, params, viewer } = request;
  demand(viewer, ["pull_requests", "read"]);
  const sha = repository.resolve(params["sha"] ?? "");
  if (sha === undefined) throw unprocessable(`No commit found for SHA: ${params["sha"]}`);
  const pulls = pullRequestsOf(world, repository, sha);
  return page(
    request,
    pulls.map((pull) => pullRequestJson(world, repository, pull)),
  );
}
