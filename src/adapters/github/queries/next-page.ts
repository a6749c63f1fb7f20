// Pagination with a limit, in case a server returns pages without end.

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
}

/** With up to a hundred entries each: more than any complete list on GitHub has. */
const MOST_PAGES = 200;

/** `query`: the cursor of this page, and the number of pages before it. Throws when the list does not end. */
export function nextPage(
  { hasNextPage, endCursor }: PageInfo,
  query: { readonly after?: string | null | undefined; readonly pages: number },
): string | undefined {
  if (!hasNextPage || endCursor === null) return undefined;
  if (endCursor === query.after) throw new Error("GitHub leads on to the page that it was asked for");
  if (query.pages >= MOST_PAGES) throw new Error(`GitHub leads on after ${MOST_PAGES} pages`);
  return endCursor;
}
