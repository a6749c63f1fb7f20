// The raw response to the state query (see state-document.ts).

import type { RawLabels, RawNames } from "./names.ts";
import type { RawActor, RawAuthorship } from "./pull-requests/by-app.ts";
import type { RawHeldPromotions, RawPromotions } from "./pull-requests/open-promotions.ts";
import type { RawTimeline } from "./pull-requests/timeline.ts";

export interface RawBlob {
  readonly mode: number;
  readonly object: {
    readonly __typename: string;
    readonly oid: string;
    readonly isBinary?: boolean | null;
    readonly isTruncated?: boolean;
    readonly byteSize?: number;
    readonly text?: string | null;
    readonly entries?: readonly { readonly path: string }[];
  } | null;
}

export interface RawBranchPull {
  readonly id: string;
  readonly number: number;
  readonly url: string;
  readonly state: "OPEN" | "CLOSED" | "MERGED";
  readonly title: string;
  readonly body: string;
  readonly isDraft: boolean;
  readonly baseRefName: string;
  readonly baseRef: { readonly name: string } | null;
  readonly mergedAt: string | null;
  readonly headRefOid: string;
  readonly isCrossRepository: boolean;
  readonly isInMergeQueue: boolean;
  readonly autoMergeRequest: object | null;
  readonly author: RawActor | null;
  readonly labels: { readonly nodes: readonly { readonly name: string }[] } | null;
  readonly newest: {
    readonly totalCount: number;
    readonly nodes: readonly { readonly commit: RawCommit }[];
  };
  readonly timelineItems: RawTimeline;
  readonly first: {
    readonly nodes: readonly {
      readonly commit: {
        readonly committedDate: string;
        readonly parents: { readonly nodes: readonly RawFork[] };
      };
    }[];
  };
}

export type RawFork = Readonly<Record<string, unknown>> & {
  readonly oid: string;
  readonly tree: { readonly oid: string };
};

export interface RawParents {
  readonly nodes: readonly { readonly oid: string }[];
}

export interface RawCommit extends RawAuthorship {
  readonly oid: string;
  readonly message: string;
  readonly tree: { readonly oid: string };
  readonly parents?: RawParents | undefined;
}

export interface RawRepository extends RawLabels {
  readonly id: string;
  readonly nameWithOwner: string;
  readonly isArchived: boolean;
  readonly isDisabled: boolean;
  readonly autoMergeAllowed: boolean;
  readonly defaultBranchRef: {
    readonly name: string;
    readonly target: { readonly oid: string; readonly config: RawBlob | null } | null;
  } | null;
  readonly promotions?: RawPromotions;
  readonly held?: RawHeldPromotions;
  readonly open?: { readonly totalCount: number };
  readonly merged?: { readonly totalCount: number };
  readonly issues?: { readonly totalCount: number };
  readonly [alias: `e${number}`]: { readonly target: RawTarget | null } | null;
  readonly [alias: `b${number}_${number}`]: { readonly target: RawTarget | null } | null;
  readonly [alias: `p${number}_${number}`]: { readonly nodes: readonly RawBranchPull[] } | null;
}

export type RawTarget = {
  readonly oid: string;
  readonly history?: { readonly nodes: readonly { readonly oid: string; readonly parents: RawParents }[] };
  readonly charts?: RawBlob | null;
  readonly [file: `f${number}`]: RawBlob | { readonly oid: string } | null | undefined;
};

export interface RawRepositoryState extends RawNames {
  readonly repository: RawRepository;
}
