// Refs and branches.

import { accountJson, timeJson } from "../shapes/account.ts";
import { commitJson } from "../shapes/commit.ts";
import { nodeId } from "../shapes/node-id.ts";
import { apiUrl } from "../shapes/repository.ts";
import { notFound, unprocessable } from "../world/refusal.ts";
import { createRef, deleteRef, moveRef } from "../world/repositories/branches.ts";
import type { Repository } from "../world/repositories/repository.ts";
import type { World } from "../world/world.ts";
import { page, type RepositoryRequest, requiredText } from "./route.ts";

function refJson(world: World, repository: Repository, ref: string): object {
  const sha = repository.refs.get(ref);
  if (sha === undefined) throw notFound();
  const object = { sha, type: "commit", url: apiUrl(world, repository, `/git/commits/${sha}`) };
  const node_id = nodeId("Ref", [repository.id, ref]);
  return { ref, node_id, url: apiUrl(world, repository, `/git/${ref}`), object };
}

export function getRef({ world, repository, params }: RepositoryRequest) {
  return { status: 200, body: refJson(world, repository, `refs/${params["ref"]}`) };
}

export function matchingRefs(request: RepositoryRequest) {
  const { world, repository, params } = request;
  const names = [...repository.refs.keys()].filter((name) => name.startsWith(`refs/${params["ref"]}`)).sort();
  return page(
    request,
    names.map((name) => refJson(world, repository, name)),
  );
}

export function postRef({ world, repository, call }: RepositoryRequest) {
  const ref = requiredText(call.body, "ref");
  if (repository.refs.has(ref)) throw unprocessable("Reference already exists");
  createRef(world, repository, { ref, to: requiredText(call.body, "sha"), actor: world.app.bot });
  return { status: 201, body: refJson(world, repository, ref) };
}

export function patchRef({ world, repository, params, call }: RepositoryRequest) {
  const ref = `refs/${params["ref"]}`;
  if (!repository.refs.has(ref)) throw unprocessable("Reference does not exist");
  const force = call.body["force"] === true;
  moveRef(world, repository, { ref, to: requiredText(call.body, "sha"), actor: world.app.bot, force });
  return { status: 200, body: refJson(world, repository, ref) };
}

export function removeRef({ world, repository, params }: RepositoryRequest) {
  deleteRef(world, repository, { ref: `refs/${params["ref"]}`, actor: world.app.bot });
  return { status: 204 };
}

/** Ref changes, newest first; GitHub's cursors are not modelled. */
export function listActivity(request: RepositoryRequest) {
  const { world, repository, call } = request;
  const unmodelled = ["before", "after", "actor", "time_period", "activity_type", "direction"];
  const parameter = unmodelled.find((name) => call.query.has(name));
  if (parameter !== undefined) throw unprocessable(`The sandbox does not model ${parameter}.`);
  const ref = call.query.get("ref");
  const all = [...repository.activities.values()].toReversed();
  const shown = all.filter((one) => ref === null || one.ref === ref || one.ref === `refs/heads/${ref}`);
  return page(
    request,
    shown.map(({ id, ref: name, before, after, type, actor, at }) => ({
      ...{ id, node_id: nodeId("Push", [repository.id, id]), ref: name, before, after },
      ...{ timestamp: timeJson(at), activity_type: type, actor: accountJson(world, actor) },
    })),
  );
}

export function getBranch({ world, repository, params }: RepositoryRequest) {
  const name = params["branch"] ?? "";
  const sha = repository.branch(name);
  if (sha === undefined) throw notFound("Branch not found");
  const protection = repository.rules.length > 0;
  return { status: 200, body: { name, commit: commitJson(world, repository, sha), protected: protection } };
}
