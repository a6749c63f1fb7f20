// Blobs, trees and commits, read and written one by one.

import type { Mode, Signature } from "../git/object-store.ts";
import { filesOf } from "../git/trees.ts";
import { demand } from "../http/access.ts";
import { type Call, isObject } from "../http/call.ts";
import { gitCommitJson } from "../shapes/commit.ts";
import { nodeId } from "../shapes/node-id.ts";
import { apiUrl } from "../shapes/repository.ts";
import { notFound, unprocessable } from "../world/refusal.ts";
import { createCommit, createTree } from "../world/repositories/commits.ts";
import type { Repository } from "../world/repositories/repository.ts";
import type { World } from "../world/world.ts";
import { invalidField, objects, type RepositoryRequest, requiredText, text, texts } from "./route.ts";

export function getBlob({ world, repository, params, call }: RepositoryRequest) {
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

export function postBlob({ world, repository, call }: RepositoryRequest) {
  const content = requiredText(call.body, "content");
  const encoding = text(call.body, "encoding") === "base64" ? "base64" : "utf8";
  const sha = repository.objects.addBlob(Buffer.from(content, encoding));
  return { status: 201, body: { sha, url: apiUrl(world, repository, `/git/blobs/${sha}`) } };
}

export function getTree({ world, repository, params, call }: RepositoryRequest) {
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

export function postTree({ world, viewer, repository, call }: RepositoryRequest) {
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

export function getGitCommit({ world, repository, params }: RepositoryRequest) {
  const sha = params["sha"] ?? "";
  if (repository.objects.commit(sha) === undefined) throw notFound();
  return { status: 200, body: gitCommitJson(world, repository, sha) };
}

export function postCommit({ world, repository, call }: RepositoryRequest) {
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
