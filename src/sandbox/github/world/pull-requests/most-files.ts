// GitHub's limits for lists of changed files.

/** Maximum listed files (docs.github.com, "List pull requests files"), also in GraphQL. */
export const MOST_LISTED = 3_000;

/** Above it GitHub's GraphQL lists and counts none, without an error. The threshold is undocumented. */
export const MOST_COMPARED = 5_000;
