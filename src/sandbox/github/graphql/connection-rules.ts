// Two rules that GitHub has and its schema cannot say: every connection is asked for by pages of 1 to 100, and a
// document costs points by how many connections it asks for.

import {
  type ASTVisitor,
  type FieldNode,
  GraphQLError,
  type GraphQLOutputType,
  getNamedType,
  type ValidationContext,
  valueFromASTUntyped,
} from "graphql";

/** Connections nested in this many others are asked for so many times. */
const MAX_NODES = 500_000;

export interface Cost {
  /** Points taken from the hourly budget. */
  points: number;
  nodes: number;
}

/** A validation rule; it also adds up the cost. */
export function connectionRules(variables: { readonly [name: string]: unknown }, cost: Cost) {
  return (context: ValidationContext): ASTVisitor => {
    const outer: number[] = [1];
    let requests = 0;
    return {
      Field: {
        enter(node) {
          const times = outer.at(-1) ?? 1;
          if (!isConnection(context.getType())) {
            outer.push(times);
            return;
          }
          const size = pageSize(context, node, variables);
          requests += times;
          cost.nodes += times * size;
          outer.push(times * size);
          if (cost.nodes > MAX_NODES)
            context.reportError(
              new GraphQLError(
                `This query requests up to ${cost.nodes} possible nodes which exceeds the maximum limit of 500,000.`,
              ),
            );
        },
        leave() {
          outer.pop();
        },
      },
      Document: {
        leave() {
          cost.points = Math.max(1, Math.round(requests / 100));
        },
      },
    };
  };
}

function isConnection(type: GraphQLOutputType | null | undefined): boolean {
  return type != null && getNamedType(type).name.endsWith("Connection");
}

function pageSize(
  context: ValidationContext,
  node: FieldNode,
  variables: { readonly [name: string]: unknown },
): number {
  const given = new Map(node.arguments?.map((argument) => [argument.name.value, argument.value]));
  const page = given.get("first") ?? given.get("last");
  const name = node.name.value;
  if (page === undefined) {
    context.reportError(
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
    context.reportError(
      new GraphQLError(
        size > 100
          ? `Requesting ${size} records on the \`${name}\` connection exceeds the \`first\` limit of 100 records.`
          : `\`first\` on the \`${name}\` connection cannot be less than 1.`,
        { nodes: node, extensions: { type: "EXCESSIVE_PAGINATION" } },
      ),
    );
  return size;
}
