// The root fields of queries.

import { maySee } from "../http/access.ts";
import { parseNodeId } from "../shapes/node-id.ts";
import { notFound } from "../world/refusal.ts";
import { findNode, nodeOf } from "./find-node.ts";
import type { Graph } from "./graph.ts";

interface RepositoryArgs {
  readonly owner: string;
  readonly name: string;
  readonly followRenames?: boolean | null;
}

export const queryRoot = {
  repository({ owner, name, followRenames }: RepositoryArgs, graph: Graph): object {
    const fullName = `${owner}/${name}`;
    const found =
      graph.world.repository(fullName) ??
      (followRenames === false ? undefined : graph.world.formerly(fullName));
    if (found === undefined || !maySee(graph.world, graph.viewer, found))
      throw notFound(`Could not resolve to a Repository with the name '${fullName}'.`);
    return graph.make.repository(graph.read(found));
  },

  node({ id }: { readonly id: string }, graph: Graph): object {
    return visibleNode(graph, id);
  },

  nodes({ ids }: { readonly ids: readonly string[] }, graph: Graph): object[] {
    return ids.map((id) => visibleNode(graph, id));
  },

  viewer(_: object, graph: Graph): object {
    const { world, viewer } = graph;
    return graph.make.actor(viewer.kind === "person" ? world.account(viewer.login) : world.app.bot);
  },

  user({ login }: { readonly login: string }, graph: Graph): object {
    const account = graph.world.accounts.get(login.toLowerCase());
    if (account?.type !== "User") throw notFound(`Could not resolve to a User with the login of '${login}'.`);
    return graph.make.actor(account);
  },
};

function visibleNode(graph: Graph, id: string): object {
  const isAccount = ["User", "Bot", "Organization"].includes(parseNodeId(id)?.type ?? "");
  if (!isAccount && !maySee(graph.world, graph.viewer, findNode(graph.world, id).repository))
    throw notFound(`Could not resolve to a node with the global id of '${id}'`);
  return nodeOf(graph, id);
}
