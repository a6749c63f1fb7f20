// How many of a pull request's files GitHub tells of.

/** GitHub lists no more (docs.github.com, "List pull requests files"), by GraphQL neither. */
export const MOST_LISTED = 3_000;

/** Of more, GitHub's GraphQL lists none and counts none, without an error. Nothing documents where that begins. */
export const MOST_COMPARED = 5_000;
