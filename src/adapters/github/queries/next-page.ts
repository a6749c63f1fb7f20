// Where a list of GitHub's goes on. Whoever answers for GitHub might lead on for ever.

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
}

/** Of up to a hundred entries each: more than GitHub has of anything that is listed to its end. */
const MOST_PAGES = 200;

/** `query`: the cursor that this page was asked for with, and how many came before it. Throws where the list has no end. */
export function nextPage(
  { hasNextPage, endCursor }: PageInfo,
  query: { readonly after?: string | null | undefined; readonly pages: number },
): string | undefined {
  if (!hasNextPage || endCursor === null) return undefined;
  if (endCursor === query.after) throw new Error("GitHub leads on to the page that it was asked for");
  if (query.pages >= MOST_PAGES) throw new Error(`GitHub leads on after ${MOST_PAGES} pages`);
  return endCursor;
}
