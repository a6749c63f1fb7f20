// Mutations of refs, and commits made on branches.

import type {
  CommittableBranch,
  CreateCommitOnBranchInput,
  CreateRefInput,
  DeleteRefInput,
  RefUpdate,
  UpdateRefInput,
  UpdateRefsInput,
} from "@octokit/graphql-schema";
import { notFound, unprocessable } from "../../world/refusal.ts";
import {
  applyMove,
  checkMovable,
  createRef,
  deleteRef,
  moveRef,
  mustRef,
  ZERO,
} from "../../world/repositories/branches.ts";
import { commitOnBranch } from "../../world/repositories/commits.ts";
import type { Repository } from "../../world/repositories/repository.ts";
import { findNode, findRepository, unresolved } from "../find-node.ts";
import type { Graph } from "../graph.ts";
import type { Input } from "./mutation.ts";

const CONTENTS = ["contents", "write"] as const;

export const refMutations = {
  createRef({ input }: Input<CreateRefInput>, graph: Graph) {
    const repository = graph.write(findRepository(graph.world, input.repositoryId), CONTENTS);
    createRef(graph.world, repository, { ref: input.name, to: input.oid, actor: graph.world.app.bot });
    return { ref: graph.make.ref(repository, input.name) };
  },

  updateRef({ input }: Input<UpdateRefInput>, graph: Graph) {
    const { repository, ref } = refOf(graph, input.refId);
    moveRef(graph.world, graph.write(repository, CONTENTS), {
      ...{ ref, to: input.oid, actor: graph.world.app.bot, force: input.force === true },
    });
    return { ref: graph.make.ref(repository, ref) };
  },

  deleteRef({ input }: Input<DeleteRefInput>, graph: Graph) {
    const { repository, ref } = refOf(graph, input.refId);
    deleteRef(graph.world, graph.write(repository, CONTENTS), { ref, actor: graph.world.app.bot });
    return {};
  },

  /** All of them or none. */
  updateRefs({ input }: Input<UpdateRefsInput>, graph: Graph) {
    const repository = graph.write(findRepository(graph.world, input.repositoryId), CONTENTS);
    const moves = input.refUpdates.map((update) => {
      checkExpected(repository, update);
      return {
        ...{ ref: update.name, to: String(update.afterOid), force: update.force === true },
        actor: graph.world.app.bot,
      };
    });
    for (const move of moves) checkMovable(repository, move);
    for (const move of moves) applyMove(graph.world, repository, move);
    return {};
  },

  createCommitOnBranch({ input }: Input<CreateCommitOnBranchInput>, graph: Graph) {
    const { repository: found, branch } = branchOf(graph, input.branch);
    const paths = (input.fileChanges?.additions ?? []).map(({ path }) => path);
    const repository = graph.write(found, CONTENTS, ...workflowNeeds(paths));
    const { headline, body } = input.message;
    const oid = commitOnBranch(graph.world, repository, {
      branch,
      expectedHeadOid: input.expectedHeadOid,
      message: body ? `${headline}\n\n${body}` : headline,
      additions: (input.fileChanges?.additions ?? []).map(({ path, contents }) => ({
        path,
        contents: Buffer.from(String(contents), "base64"),
      })),
      deletions: input.fileChanges?.deletions ?? [],
      actor: graph.world.app.bot,
    });
    return {
      commit: graph.make.object(repository, oid),
      ref: graph.make.ref(repository, `refs/heads/${branch}`),
    };
  },
};

function refOf(graph: Graph, id: string): { readonly repository: Repository; readonly ref: string } {
  const { repository, key } = findNode(graph.world, id, "Ref");
  const ref = String(key);
  if (!repository.refs.has(ref)) throw unresolved(id);
  return { repository, ref };
}

/** Zeros: must not exist. Absent: any. */
function checkExpected(repository: Repository, { name, beforeOid }: RefUpdate): void {
  if (beforeOid == null) return;
  const is = repository.refs.get(name) ?? ZERO;
  if (is !== beforeOid)
    throw unprocessable(`Reference update failed: ${name} is at ${is} but expected ${beforeOid}`);
}

function branchOf(graph: Graph, { id, repositoryNameWithOwner, branchName }: CommittableBranch) {
  if (id != null) {
    const { repository, ref } = refOf(graph, id);
    mustRef(repository, ref);
    return { repository, branch: ref.slice("refs/heads/".length) };
  }
  if (repositoryNameWithOwner == null || branchName == null)
    throw unprocessable("A branch must be given by its id, or by repositoryNameWithOwner and branchName.");
  const repository = graph.world.repository(repositoryNameWithOwner);
  if (repository === undefined)
    throw notFound(`Could not resolve to a Repository with the name '${repositoryNameWithOwner}'.`);
  return { repository, branch: branchName.replace(/^refs\/heads\//, "") };
}

function workflowNeeds(paths: readonly string[]) {
  return paths.some((path) => path.startsWith(".github/workflows/")) ? [["workflows", "write"] as const] : [];
}
