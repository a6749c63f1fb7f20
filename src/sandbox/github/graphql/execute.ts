// Runs a GraphQL document against the world: parses, validates and executes it by GitHub's schema.

import {
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLFormattedError,
  parse,
  validate,
} from "graphql";
import { demand, demandWriter, maySee, type Need } from "../http/access.ts";
import type { Answer, GraphQLCall } from "../http/call.ts";
import type { Viewer } from "../http/tokens.ts";
import { forbidden, notFound, Refusal } from "../world/refusal.ts";
import type { Repository } from "../world/repositories/repository.ts";
import type { Stale, World } from "../world/world.ts";
import { type Cost, countConnections } from "./count-connections.ts";
import type { Graph } from "./graph.ts";
import { deploymentMutations } from "./mutations/deployments.ts";
import { issueMutations } from "./mutations/issues.ts";
import { pullRequestMutations } from "./mutations/pull-requests.ts";
import { refMutations } from "./mutations/refs.ts";
import { makeNodes } from "./nodes/make-nodes.ts";
import { queryRoot } from "./query-root.ts";
import { fieldResolver, type Unmodelled } from "./resolve-field.ts";
import { githubSchema } from "./schema.ts";

export interface Asking {
  readonly viewer: Viewer;
  /** Reads return the state before the last change; `records`: for everything but branches. */
  readonly stale: Stale;
  readonly unmodelled: Unmodelled;
  readonly fields?: FieldFaults;
  /** Deducts the document's points from the rate limit; returns the values for `rateLimit`. */
  readonly spend: (points: number) => {
    readonly limit: number;
    readonly used: number;
    readonly remaining: number;
    readonly resetAt: Date;
  };
}

/** Faults of single mutations in a document, by their names and indexes. */
export interface FieldFaults {
  /** Whether it is skipped, with a result of `null`. */
  readonly skip?: (field: string, at: number) => boolean;
  readonly refuse?: (field: string) => Refusal | undefined;
}

export async function executeGraphQL(world: World, call: GraphQLCall, asking: Asking): Promise<Answer> {
  if (asking.viewer.kind !== "installation" && asking.viewer.kind !== "person")
    return { status: 401, body: { message: "This endpoint requires you to be authenticated." } };
  const checked = check(call);
  if ("errors" in checked) return { status: 200, body: { errors: checked.errors.map(errorJson) } };
  const budget = asking.spend(checked.cost.points);
  const graph = graphFor(world, asking);
  const rateLimit = () => ({ ...budget, cost: checked.cost.points, nodeCount: checked.cost.nodes });
  const { data, errors } = await execute({
    schema: githubSchema(),
    document: checked.document,
    rootValue: {
      ...queryRoot,
      ...struck(MUTATIONS, asking.fields),
      rateLimit,
    },
    contextValue: graph,
    variableValues: call.variables,
    operationName: call.operationName ?? null,
    fieldResolver: fieldResolver(asking.unmodelled),
  });
  return {
    status: 200,
    body: { ...(data !== undefined && { data }), ...(errors && { errors: errors.map(errorJson) }) },
  };
}

type Mutation = (args: never, graph: Graph) => unknown;

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  ...refMutations,
  ...pullRequestMutations,
  ...issueMutations,
  ...deploymentMutations,
};

/** The mutations of a document run one after the other, in the order they are written. */
function struck(
  mutations: typeof MUTATIONS,
  { skip, refuse }: FieldFaults = {},
): Readonly<Record<string, Mutation>> {
  let at = 0;
  const entries = Object.entries(mutations).map(([name, mutate]): readonly [string, Mutation] => [
    name,
    (args, graph) => {
      const refusal = refuse?.(name);
      if (refusal) throw refusal;
      return skip?.(name, at++) === true ? null : mutate(args, graph);
    },
  ]);
  return Object.fromEntries(entries);
}

type Checked =
  | { readonly document: DocumentNode; readonly cost: Cost }
  | { readonly errors: readonly GraphQLError[] };

function check({ source, variables }: GraphQLCall): Checked {
  try {
    const document = VALID.get(source) ?? parse(source);
    const invalid = VALID.has(source) ? [] : validate(githubSchema(), document);
    if (invalid.length > 0) return { errors: invalid };
    const { cost, errors } = countConnections(githubSchema(), document, variables);
    if (errors.length > 0) return { errors };
    if (VALID.size < MOST_VALID) VALID.set(source, document);
    return { document, cost };
  } catch (error) {
    return { errors: [error instanceof GraphQLError ? error : new GraphQLError(String(error))] };
  }
}

/** Documents that are valid for all variables: validating takes longer than executing. */
const VALID = new Map<string, DocumentNode>();
const MOST_VALID = 1000;

function graphFor(world: World, { viewer, stale }: Asking): Graph {
  const touched = new Set<number>();
  const graph: Graph = {
    world,
    viewer,
    make: makeNodes(() => graph),
    read: (repository) => (stale ? world.before(repository, stale) : repository),
    write: (repository, ...needs) => writable(repository, needs),
  };
  return graph;

  function writable(repository: Repository | undefined, needs: readonly Need[]): Repository {
    if (repository === undefined || !maySee(world, viewer, repository)) throw notFound();
    demand(viewer, ...needs);
    demandWriter(viewer, repository);
    if (repository.archived) throw forbidden("Repository was archived so is read-only.");
    if (!touched.has(repository.id)) world.remember(repository);
    touched.add(repository.id);
    return repository;
  }
}

/** GitHub puts the type of an error beside its message. */
function errorJson(error: GraphQLError): GraphQLFormattedError & { readonly type?: string } {
  const { message, locations, path, extensions } = error.toJSON();
  const type = error.originalError instanceof Refusal ? error.originalError.type : extensions?.["type"];
  if (isBug(error)) throw error.originalError;
  return {
    ...(typeof type === "string" && { type }),
    ...(path && { path }),
    ...(locations && { locations }),
    message,
  };
}

/** Neither a refusal nor a GraphQL error. */
function isBug({ originalError }: GraphQLError): boolean {
  return !(
    originalError === undefined ||
    originalError instanceof Refusal ||
    originalError instanceof GraphQLError
  );
}
