// Two rules of GitHub that its schema cannot express: every connection needs a page size from 1 to 100, and the cost of
// a document depends on its connections. Docs: "Rate limits and query limits for the GraphQL API".

import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  valueFromASTUntyped,
} from "graphql";

/** Limit of nodes, as nested connections multiply. */
const MAX_NODES = 500_000;

export interface Cost {
  /** Points of the hourly rate limit. */
  readonly points: number;
  readonly nodes: number;
}

export interface Counted {
  readonly cost: Cost;
  readonly errors: readonly GraphQLError[];
}

/** For a valid document; fragments count wherever they are spread. */
export function countConnections(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: { readonly [name: string]: unknown },
): Counted {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const errors: GraphQLError[] = [];
  let requests = 0;
  let nodes = 0;
  for (const definition of document.definitions)
    if (definition.kind === Kind.OPERATION_DEFINITION)
      walk(definition.selectionSet, schema.getRootType(definition.operation)?.name, 1);
  if (nodes > MAX_NODES)
    errors.push(
      new GraphQLError(
        `This query requests up to ${nodes} possible nodes which exceeds the maximum limit of 500,000.`,
      ),
    );
  return { cost: { points: Math.max(1, Math.round(requests / 100)), nodes }, errors };

  /** `times`: how often it may be queried. */
  function walk({ selections }: SelectionSetNode, parent: string | undefined, times: number): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) walkField(selection, parent, times);
      else if (selection.kind === Kind.INLINE_FRAGMENT)
        walk(selection.selectionSet, selection.typeCondition?.name.value ?? parent, times);
      else {
        const fragment = fragments.get(selection.name.value);
        if (fragment) walk(fragment.selectionSet, fragment.typeCondition.name.value, times);
      }
    }
  }

  function walkField(field: FieldNode, parent: string | undefined, times: number): void {
    const owner = parent === undefined ? undefined : schema.getType(parent);
    if (!(isObjectType(owner) || isInterfaceType(owner))) return;
    const type = owner.getFields()[field.name.value]?.type;
    if (type === undefined || !field.selectionSet) return;
    const named = getNamedType(type);
    if (!isCompositeType(named)) return;
    const size = named.name.endsWith("Connection") ? pageSize(field, variables, errors) : undefined;
    if (size !== undefined) {
      requests += times;
      nodes += times * size;
    }
    walk(field.selectionSet, named.name, times * (size ?? 1));
  }
}

function pageSize(
  node: FieldNode,
  variables: { readonly [name: string]: unknown },
  errors: GraphQLError[],
): number {
  const given = new Map(node.arguments?.map((argument) => [argument.name.value, argument.value]));
  const page = given.get("first") ?? given.get("last");
  const name = node.name.value;
  if (page === undefined) {
    errors.push(
      new GraphQLError(
        `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
        { nodes: node, extensions: { type: "MISSING_PAGINATION_BOUNDARIES" } },
      ),
    );
    return 1;
  }
  const size: unknown = valueFromASTUntyped(page, variables);
  if (typeof size !== "number") return 1;
  if (size < 1 || size > 100)
    errors.push(
      new GraphQLError(
        size > 100
          ? `Requesting ${size} records on the \`${name}\` connection exceeds the \`first\` limit of 100 records.`
          : `\`first\` on the \`${name}\` connection cannot be less than 1.`,
        { nodes: node, extensions: { type: "EXCESSIVE_PAGINATION" } },
      ),
    );
  return size;
}
