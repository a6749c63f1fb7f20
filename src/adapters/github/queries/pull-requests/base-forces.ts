// Force pushes of a pull request's base branch, from its timeline: seen there even if their webhooks were lost.

/** Field of a `PullRequest`. */
export const BASE_FORCES = `timelineItems(itemTypes: [BASE_REF_FORCE_PUSHED_EVENT], last: 1) {
        nodes { __typename ... on BaseRefForcePushedEvent { createdAt } }
      }`;

export interface RawBaseForces {
  readonly nodes: readonly { readonly __typename: string; readonly createdAt: string }[];
}

/**
 * Whether the base was force-pushed since that instant. True in the same second as well, since GitHub's timestamps have
 * a resolution of seconds.
 */
export function isBaseForcedSince({ nodes }: RawBaseForces, since: string): boolean {
  return nodes.some(
    ({ __typename, createdAt }) =>
      __typename === "BaseRefForcePushedEvent" && Date.parse(createdAt) >= Date.parse(since),
  );
}
