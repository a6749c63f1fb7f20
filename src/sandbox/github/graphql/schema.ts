// GitHub's own GraphQL schema, made executable, with its custom scalars as strict as GitHub's.

import { schema as published } from "@octokit/graphql-schema";
import {
  buildSchema,
  GraphQLError,
  GraphQLScalarType,
  type GraphQLSchema,
  Kind,
  type ValueNode,
} from "graphql";
import { isRefName } from "../world/repositories/rules.ts";

let built: GraphQLSchema | undefined;

/** Built once; not validated, since the published text has a duplicate field. */
export function githubSchema(): GraphQLSchema {
  if (built !== undefined) return built;
  const schema = buildSchema(published.idl, { assumeValidSDL: true });
  tighten(schema, "GitObjectID", (text) => /^[0-9a-f]{40}$/.test(text));
  tighten(schema, "Base64String", isBase64);
  tighten(schema, "GitRefname", isRefName);
  for (const name of ["DateTime", "GitTimestamp", "PreciseDateTime"]) {
    tighten(schema, name, (text) => !Number.isNaN(Date.parse(text)));
    scalar(schema, name).serialize = (value) =>
      value instanceof Date ? `${value.toISOString().slice(0, 19)}Z` : value;
  }
  built = schema;
  return schema;
}

function scalar(schema: GraphQLSchema, name: string): GraphQLScalarType {
  const type = schema.getType(name);
  if (!(type instanceof GraphQLScalarType)) throw new Error(`GitHub's schema has no scalar ${name}`);
  return type;
}

function tighten(schema: GraphQLSchema, name: string, accepts: (text: string) => boolean): void {
  const type = scalar(schema, name);
  const parse = (value: unknown): string => {
    if (typeof value === "string" && accepts(value)) return value;
    throw new GraphQLError(`Could not coerce value ${JSON.stringify(value)} to ${name}`);
  };
  type.parseValue = parse;
  type.parseLiteral = (node: ValueNode) => parse(node.kind === Kind.STRING ? node.value : undefined);
}

/** RFC 4648 with its padding. */
function isBase64(text: string): boolean {
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);
}
