// One request to the offline GitHub, parsed as far as rate limits and faults need it.

import type { IncomingMessage } from "node:http";
import { type DocumentNode, getOperationAST, Kind, type OperationDefinitionNode, parse } from "graphql";

export interface Call {
  readonly method: string;
  /** Without `/api/v3`; decoded segment by segment when matched. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  /** The JSON body; an empty object when there was none. */
  readonly body: { readonly [key: string]: unknown };
  readonly kind: "query" | "mutation" | "rest";
  readonly graphql?: GraphQLCall;
}

export interface GraphQLCall {
  readonly source: string;
  readonly variables: { readonly [name: string]: unknown };
  readonly operationName: string | undefined;
  /** Names of the root fields (not their aliases), in order. */
  readonly rootFields: readonly string[];
  /** Undefined when it does not parse; executing it gives the error. */
  readonly document: DocumentNode | undefined;
}

export type Answer = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: { readonly [name: string]: string };
};

export async function readCall(request: IncomingMessage): Promise<Call> {
  const url = new URL(request.url ?? "/", "http://github.invalid");
  const path = url.pathname.replace(/^\/api\/v3(?=\/|$)/, "").replace(/^\/api\/graphql$/, "/graphql") || "/";
  const body = parseBody(await readBody(request));
  const method = request.method ?? "GET";
  const graphql = path === "/graphql" && method === "POST" ? graphqlCall(body) : undefined;
  return {
    ...{ method, path, query: url.searchParams, headers: request.headers, body },
    kind: graphql === undefined ? "rest" : kindOf(graphql),
    ...(graphql && { graphql }),
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

function parseBody(text: string): { readonly [key: string]: unknown } {
  if (text === "") return {};
  try {
    const body: unknown = JSON.parse(text);
    return isObject(body) ? body : {};
  } catch {
    return {};
  }
}

export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function graphqlCall(body: { readonly [key: string]: unknown }): GraphQLCall {
  const source = typeof body["query"] === "string" ? body["query"] : "";
  const wanted = typeof body["operationName"] === "string" ? body["operationName"] : undefined;
  const document = parsed(source);
  const operation = document && (getOperationAST(document, wanted) ?? undefined);
  return {
    source,
    document,
    variables: isObject(body["variables"]) ? body["variables"] : {},
    operationName: operation?.name?.value ?? wanted,
    rootFields: rootFieldsOf(operation),
  };
}

function parsed(source: string): DocumentNode | undefined {
  try {
    return parse(source);
  } catch {
    return undefined;
  }
}

function rootFieldsOf(operation: OperationDefinitionNode | undefined): readonly string[] {
  const selections = operation?.selectionSet.selections ?? [];
  return selections.flatMap((selection) => (selection.kind === Kind.FIELD ? [selection.name.value] : []));
}

function kindOf({ document, operationName }: GraphQLCall): "query" | "mutation" {
  const operation = document && getOperationAST(document, operationName);
  return operation?.operation === "mutation" ? "mutation" : "query";
}
