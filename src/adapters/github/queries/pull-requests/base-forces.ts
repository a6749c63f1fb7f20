// When the base of a pull request was moved by force: GitHub keeps that in its timeline, whoever was told of it.

/** Of a `PullRequest`. */
export const BASE_FORCES = `timelineItems(itemTypes: [BASE_REF_FORCE_PUSHED_EVENT], last: 1) {
        nodes { __typename ... on BaseRefForcePushedEvent { createdAt } }
      }`;

export interface RawBaseForces {
  readonly nodes: readonly { readonly __typename: string; readonly createdAt: string }[];
}

/**
 * Whether it was since that instant, as far as its newest items show. GitHub's clock counts seconds, so that within the same one it may
 * have been.
 */
export function isBaseForcedSince({ nodes }: RawBaseForces, since: string): boolean {
  return nodes.some(
    ({ __typename, createdAt }) =>
      __typename === "BaseRefForcePushedEvent" && Date.parse(createdAt) >= Date.parse(since),
  );
}
