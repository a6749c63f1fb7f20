// Pages of a list, the way every connection of GitHub's schema gives them.

export interface PageArgs {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
}

export interface Connection<T> {
  readonly nodes: readonly T[];
  readonly edges: readonly { readonly node: T; readonly cursor: string }[];
  readonly totalCount: number;
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

export function connection<T>(items: readonly T[], args: PageArgs): Connection<T> {
  let from = args.after == null ? 0 : position(args.after) + 1;
  let to = args.before == null ? items.length : position(args.before);
  if (args.first != null) to = Math.min(to, from + args.first);
  if (args.last != null) from = Math.max(from, to - args.last);
  const edges = items.slice(from, to).map((node, index) => ({ node, cursor: cursor(from + index) }));
  return {
    nodes: edges.map(({ node }) => node),
    edges,
    totalCount: items.length,
    pageInfo: {
      hasNextPage: to < items.length,
      hasPreviousPage: from > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

function cursor(index: number): string {
  return Buffer.from(`cursor:${index}`).toString("base64");
}

function position(text: string): number {
  return Number(/^cursor:(\d+)$/.exec(Buffer.from(text, "base64").toString())?.[1] ?? -1);
}
