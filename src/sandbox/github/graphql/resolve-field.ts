// Resolves a field: the node's member of that name, and never a silent null for what is not modelled.

import { GraphQLError, type GraphQLFieldResolver } from "graphql";
import { demand } from "../http/access.ts";
import { isObject } from "../http/call.ts";
import type { Graph } from "./graph.ts";
import { needOf } from "./permissions.ts";

export type Unmodelled = (field: string) => void;

/** Calls methods with (args, graph), returns plain values, and rejects a field that the node does not have. */
export function fieldResolver(unmodelled: Unmodelled): GraphQLFieldResolver<unknown, Graph> {
  return (...[source, args, graph, info]) => {
    const type = info.parentType.name;
    const need = needOf(type, info.fieldName);
    if (need !== undefined) demand(graph.viewer, need);
    const value = property(source, info.fieldName);
    if (!value.found) throw notModelled(`${type}.${info.fieldName}`, unmodelled);
    const answer: unknown = typeof value.is === "function" ? value.is.call(source, args, graph) : value.is;
    return type === "Mutation" ? withMutationId(answer, args) : answer;
  };
}

function notModelled(field: string, unmodelled: Unmodelled): GraphQLError {
  unmodelled(field);
  return new GraphQLError(`${field} is not modelled by the offline GitHub`, {
    extensions: { type: "NOT_MODELLED" },
  });
}

/** A payload returns its input's clientMutationId. */
function withMutationId(payload: unknown, args: { readonly [name: string]: unknown }): unknown {
  const { input } = args;
  const clientMutationId = isObject(input) ? (input["clientMutationId"] ?? null) : null;
  return typeof payload === "object" && payload !== null ? { clientMutationId, ...payload } : payload;
}

function property(source: unknown, name: string): { readonly found: boolean; readonly is?: unknown } {
  if (typeof source !== "object" || source === null || !(name in source)) return { found: false };
  return { found: true, is: Reflect.get(source, name) };
}
