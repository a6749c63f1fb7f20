// Git data: blobs, trees, commits, refs, files and comparisons.

import { commitsBetween, distance, history, mergeBase } from "../git/history.ts";
import { countLines, patchOf } from "../git/line-counts.ts";
import type { Mode, Signature } from "../git/object-store.ts";
import { changesBetween, filesOf, itemAt, type PathChange } from "../git/trees.ts";
import { demand } from "../http/access.ts";
import { type Call, isObject } from "../http/call.ts";
import { accountJson } from "../shapes/account.ts";
import { nodeId } from "../shapes/node-id.ts";
import { pullRequestJson } from "../shapes/pull-request.ts";
import { apiUrl, htmlUrl } from "../shapes/repository.ts";
import { pullRequestsOf } from "../world/associations.ts";
import { createRef, deleteRef, moveRef } from "../world/branches.ts";
import { createCommit, createTree } from "../world/commits.ts";
import { loginOf } from "../world/identities.ts";
import { notFound, unprocessable } from "../world/refusal.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import {
  invalidField,
  objects,
  page,
  type RepositoryRequest,
  repositoryRoutes,
  requiredText,
  text,
  texts,
} from "./route.ts";

const READ = [["contents", "read"]] as const;
const WRITE = [["contents", "write"]] as const;

export const gitRoutes = repositoryRoutes([
  { method: "GET", path: "/git/blobs/:sha", needs: READ, handle: getBlob },
  { method: "POST", path: "/git/blobs", needs: WRITE, handle: postBlob },
  { method: "GET", path: "/git/trees/:sha", needs: READ, handle: getTree },
  { method: "POST", path: "/git/trees", needs: WRITE, handle: postTree },
  { method: "GET", path: "/git/commits/:sha", needs: READ, handle: getGitCommit },
  { method: "POST", path: "/git/commits", needs: WRITE, handle: postCommit },
  { method: "GET", path: "/git/ref/*ref", needs: READ, handle: getRef },
  { method: "GET", path: "/git/matching-refs/*ref", needs: READ, handle: matchingRefs },
  { method: "POST", path: "/git/refs", needs: WRITE, handle: postRef },
  { method: "PATCH", path: "/git/refs/*ref", needs: WRITE, handle: patchRef },
  { method: "DELETE", path: "/git/refs/*ref", needs: WRITE, handle: removeRef },
  { method: "GET", path: "/branches/*branch", needs: READ, handle: getBranch },
  { method: "GET", path: "/contents/*path", needs: READ, handle: getContents },
  { method: "GET", path: "/compare/*basehead", needs: READ, handle: compare },
  { method: "GET", path: "/commits", needs: READ, handle: listCommits },
  { method: "GET", path: "/commits/:sha/pulls", needs: READ, handle: pullsOfCommit },
  { method: "GET", path: "/commits/*ref", needs: READ, handle: getCommit },
]);

function getBlob({ world, repository, params, call }: RepositoryRequest) {
  const sha = params["sha"] ?? "";
  const content = repository.objects.blob(sha);
  if (content === undefined) throw notFound();
  if (call.headers.accept?.includes("raw")) return { status: 200, body: content };
  const body = {
    sha,
    node_id: nodeId("Blob", [repository.id, sha]),
    size: content.length,
    url: apiUrl(world, repository, `/git/blobs/${sha}`),
    content: content.toString("base64"),
    encoding: "base64",
  };
  return { status: 200, body };
}

function postBlob({ world, repository, call }: RepositoryRequest) {
  const content = requiredText(call.body, "content");
  const encoding = text(call.body, "encoding") === "base64" ? "base64" : "utf8";
  const sha = repository.objects.addBlob(Buffer.from(content, encoding));
  return { status: 201, body: { sha, url: apiUrl(world, repository, `/git/blobs/${sha}`) } };
}

function getTree({ world, repository, params, call }: RepositoryRequest) {
  const { objects: store } = repository;
  const commit = repository.resolve(params["sha"] ?? "");
  const sha = commit === undefined ? (params["sha"] ?? "") : store.mustCommit(commit).tree;
  const items = store.tree(sha);
  if (items === undefined) throw notFound();
  const all = call.query.has("recursive")
    ? [...filesOf(store, sha)].map(([path, { mode, oid }]) => ({ path, mode, oid }))
    : items.map(({ name, mode, oid }) => ({ path: name, mode, oid }));
  const tree = all.map(({ path, mode, oid }) => treeItemJson(repository, { path, mode, oid }));
  return {
    status: 200,
    body: { sha, url: apiUrl(world, repository, `/git/trees/${sha}`), tree, truncated: false },
  };
}

function treeItemJson(
  repository: Repository,
  { path, mode, oid }: { path: string; mode: Mode; oid: string },
): object {
  const type = mode === "40000" ? "tree" : mode === "160000" ? "commit" : "blob";
  const size = repository.objects.blob(oid)?.length;
  return { path, mode: mode.padStart(6, "0"), type, sha: oid, ...(size !== undefined && { size }) };
}

const MODES = {
  "100644": "100644",
  "100755": "100755",
  "120000": "120000",
  "040000": "40000",
  "160000": "160000",
} as const;

function isMode(mode: string): mode is keyof typeof MODES {
  return mode in MODES;
}

function postTree({ world, viewer, repository, call }: RepositoryRequest) {
  const { objects: store } = repository;
  const given = text(call.body, "base_tree");
  const base = given === undefined ? undefined : (store.commit(given)?.tree ?? given);
  if (base !== undefined && store.tree(base) === undefined)
    throw unprocessable("base_tree is not a valid tree oid");
  const changes = (objects(call.body, "tree") ?? []).map((entry) => treeChange(repository, entry));
  if (changes.some(({ path }) => path.startsWith(".github/workflows/")))
    demand(viewer, ["workflows", "write"]);
  const sha = createTree(repository, { base, changes });
  const tree = (store.tree(sha) ?? []).map(({ name, mode, oid }) =>
    treeItemJson(repository, { path: name, mode, oid }),
  );
  return {
    status: 201,
    body: { sha, url: apiUrl(world, repository, `/git/trees/${sha}`), tree, truncated: false },
  };
}

function treeChange(repository: Repository, entry: Call["body"]) {
  const mode = text(entry, "mode") ?? "100644";
  if (!isMode(mode)) throw invalidField("tree.mode");
  const content = text(entry, "content");
  const sha = text(entry, "sha");
  if (content === undefined && sha === undefined && entry["sha"] !== null) throw invalidField("tree.sha");
  const oid = content === undefined ? (sha ?? null) : repository.objects.addBlob(Buffer.from(content));
  return { path: requiredText(entry, "path"), mode: MODES[mode], oid };
}

function getGitCommit({ world, repository, params }: RepositoryRequest) {
  const sha = params["sha"] ?? "";
  if (repository.objects.commit(sha) === undefined) throw notFound();
  return { status: 200, body: gitCommitJson(world, repository, sha) };
}

function gitCommitJson(world: World, repository: Repository, sha: string): object {
  const { tree, parents, message, author, committer, signature } = repository.objects.mustCommit(sha);
  const person = ({ name, email, date }: Signature) => ({ name, email, date: date.toISOString() });
  return {
    sha,
    node_id: nodeId("Commit", [repository.id, sha]),
    url: apiUrl(world, repository, `/git/commits/${sha}`),
    html_url: htmlUrl(world, repository, `/commit/${sha}`),
    author: person(author),
    committer: person(committer),
    tree: { sha: tree, url: apiUrl(world, repository, `/git/trees/${tree}`) },
    message,
    parents: parents.map((parent) => ({
      sha: parent,
      url: apiUrl(world, repository, `/git/commits/${parent}`),
    })),
    verification: {
      verified: signature !== undefined,
      reason: signature === undefined ? "unsigned" : "valid",
      signature: signature ?? null,
      payload: null,
    },
  };
}

function postCommit({ world, repository, call }: RepositoryRequest) {
  const sha = createCommit(world, repository, {
    tree: requiredText(call.body, "tree"),
    parents: texts(call.body, "parents") ?? [],
    message: requiredText(call.body, "message"),
    author: signatureIn(world, call.body["author"]),
    committer: signatureIn(world, call.body["committer"]),
    actor: world.app.bot,
  });
  return { status: 201, body: gitCommitJson(world, repository, sha) };
}

function signatureIn(world: World, given: unknown): Signature | undefined {
  if (!isObject(given)) return undefined;
  const date = text(given, "date");
  return {
    name: requiredText(given, "name"),
    email: requiredText(given, "email"),
    date: date === undefined ? world.now() : new Date(date),
  };
}

function refJson(world: World, repository: Repository, ref: string): object {
  const sha = repository.refs.get(ref);
  if (sha === undefined) throw notFound();
  const object = { sha, type: "commit", url: apiUrl(world, repository, `/git/commits/${sha}`) };
  const node_id = nodeId("Ref", [repository.id, ref]);
  return { ref, node_id, url: apiUrl(world, repository, `/git/${ref}`), object };
}

function getRef({ world, repository, params }: RepositoryRequest) {
  return { status: 200, body: refJson(world, repository, `refs/${params["ref"]}`) };
}

function matchingRefs(request: RepositoryRequest) {
  const { world, repository, params } = request;
  const names = [...repository.refs.keys()].filter((name) => name.startsWith(`refs/${params["ref"]}`)).sort();
  return page(
    request,
    names.map((name) => refJson(world, repository, name)),
  );
}

function postRef({ world, repository, call }: RepositoryRequest) {
  const ref = requiredText(call.body, "ref");
  if (repository.refs.has(ref)) throw unprocessable("Reference already exists");
  createRef(world, repository, { ref, to: requiredText(call.body, "sha"), actor: world.app.bot });
  return { status: 201, body: refJson(world, repository, ref) };
}

function patchRef({ world, repository, params, call }: RepositoryRequest) {
  const ref = `refs/${params["ref"]}`;
  if (!repository.refs.has(ref)) throw unprocessable("Reference does not exist");
  const force = call.body["force"] === true;
  moveRef(world, repository, { ref, to: requiredText(call.body, "sha"), actor: world.app.bot, force });
  return { status: 200, body: refJson(world, repository, ref) };
}

function removeRef({ world, repository, params }: RepositoryRequest) {
  deleteRef(world, repository, { ref: `refs/${params["ref"]}`, actor: world.app.bot });
  return { status: 204 };
}

function getBranch({ world, repository, params }: RepositoryRequest) {
  const name = params["branch"] ?? "";
  const sha = repository.branch(name);
  if (sha === undefined) throw notFound("Branch not found");
  const protection = repository.rules.length > 0;
  return { status: 200, body: { name, commit: commitJson(world, repository, sha), protected: protection } };
}

function getContents({ world, repository, params, call }: RepositoryRequest) {
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

/** One file of a change, as `GET /pulls/:number/files` lists it. */
export function changedFileJson(repository: Repository, change: PathChange): object {
  const { additions, deletions } = countLines(repository.objects, change);
  return {
    sha: (change.after ?? change.before)?.oid,
    filename: change.path,
    status: change.before === undefined ? "added" : change.after === undefined ? "removed" : "modified",
    additions,
    deletions,
    changes: additions + deletions,
    patch: patchOf(repository.objects, change),
  };
}

function compare({ world, repository, params }: RepositoryRequest) {
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
    commits: commits.slice(-250).map((sha) => commitJson(world, repository, sha)),
    files: changes.slice(0, 300).map((change) => changedFileJson(repository, change)),
  };
  return { status: 200, body };
}

export function commitJson(world: World, repository: Repository, sha: string): object {
  const { author, committer, parents } = repository.objects.mustCommit(sha);
  const user = ({ email }: Signature) => {
    const account = world.accounts.get(loginOf(email)?.toLowerCase() ?? "");
    return account === undefined ? null : accountJson(world, account);
  };
  return {
    sha,
    node_id: nodeId("Commit", [repository.id, sha]),
    commit: gitCommitJson(world, repository, sha),
    url: apiUrl(world, repository, `/commits/${sha}`),
    html_url: htmlUrl(world, repository, `/commit/${sha}`),
    author: user(author),
    committer: user(committer),
    parents: parents.map((parent) => ({ sha: parent, url: apiUrl(world, repository, `/commits/${parent}`) })),
  };
}

function getCommit({ world, repository, params }: RepositoryRequest) {
  const sha = repository.resolve(params["ref"] ?? "");
  if (sha === undefined) throw unprocessable(`No commit found for SHA: ${params["ref"]}`);
  const { objects: store } = repository;
  const { tree, parents } = store.mustCommit(sha);
  const before = parents[0] === undefined ? store.addTree([]) : store.mustCommit(parents[0]).tree;
  const files = changesBetween(store, before, tree).map((change) => changedFileJson(repository, change));
  return { status: 200, body: { ...commitJson(world, repository, sha), files } };
}

function listCommits(request: RepositoryRequest) {
  const { world, repository, call } = request;
  const head = repository.resolve(call.query.get("sha") ?? repository.defaultBranch);
  if (head === undefined) throw notFound();
  return page(
    request,
    history(repository.objects, head).map((sha) => commitJson(world, repository, sha)),
  );
}

function pullsOfCommit(request: RepositoryRequest) {
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
