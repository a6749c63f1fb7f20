// Webhook events. An event only triggers a reconcile; the state itself is read from GitHub afterwards.

import type { TickBox } from "./tick-box.ts";

export type RepositoryEvent =
  | {
      readonly kind: "branch-pushed";
      readonly branch: string;
      /** All zeros when the branch was created. */
      readonly before: string;
      /** All zeros when the branch was deleted. */
      readonly after: string;
      readonly forced: boolean;
      readonly pusher: string;
    }
  /** A push that no merge explains so far; it is audited after a delay, as the merge's webhook may be late. */
  | {
      readonly kind: "push-unexplained";
      /** Found without a webhook: who pushed, and whether it was forced, is unknown. */
      readonly missed?: true;
      readonly branch: string;
      readonly before: string;
      readonly after: string;
      readonly forced: boolean;
      readonly pusher: string;
    }
  | {
      readonly kind: "pull-request-merged";
      readonly number: number;
      readonly base: string;
      readonly headBranch?: string;
    }
  | {
      readonly kind: "pull-request-changed";
      readonly number: number;
      /** The webhook's `action`: opened, synchronize, reopened, closed, labeled, edited … */
      readonly action: string;
      readonly headSha: string;
      readonly headBranch: string;
      readonly base: string;
      /** Caused by the App itself: only the check of the new head is affected. */
      readonly byApp?: true;
      /** The previous head, for `synchronize`. */
      readonly before?: string;
      /** The label that was added or removed. */
      readonly label?: string;
      /** Login of the person who changed it; absent for a bot. */
      readonly person?: string;
      /** The App opened the pull request. */
      readonly ofApp?: true;
      /** From a fork, by somebody who is not associated with the repository according to GitHub. */
      readonly byStranger?: true;
    }
  | {
      readonly kind: "commented";
      readonly number: number;
      readonly commentId: number;
      /** Found without a webhook. */
      readonly missed?: true;
      /** The comment was edited, by its author or by somebody else. */
      readonly edited?: true;
      /** On an issue, perhaps one of the App's. */
      readonly onIssue?: true;
      /** By somebody who is not associated with the repository according to GitHub. */
      readonly byStranger?: true;
    }
  /** Somebody other than the App edited or closed its dashboard issue. */
  | {
      readonly kind: "dashboard-edited";
      readonly number: number;
      /** The boxes that the edit ticked. */
      readonly boxes: readonly TickBox[];
      /** Login; absent when it is unknown who ticked. */
      readonly person?: string;
    }
  | { readonly kind: "check-requested"; readonly headSha: string; readonly numbers: readonly number[] }
  | {
      readonly kind: "merge-group-requested";
      readonly headSha: string;
      readonly headRef: string;
      readonly baseRef: string;
    }
  /** Comments were searched while the read replica might lag: they are searched again when it cannot any more. */
  | { readonly kind: "comments-awaited" }
  /** Renamed, archived, another default branch. */
  | { readonly kind: "repository-changed" }
  /** No known event: everything is read and planned. `repeated`: repeats a resync that may have been a stale read. */
  | { readonly kind: "resync"; readonly repeated?: true };

/** What a webhook is parsed into. */
export type ParsedWebhook =
  /** A reason to reconcile one repository. */
  | {
      readonly kind: "repository";
      readonly repositoryId: number;
      readonly events: readonly RepositoryEvent[];
    }
  /** The repositories of the installation have changed, or it was removed. */
  | { readonly kind: "installation"; readonly installationId: number }
  | { readonly kind: "ignored"; readonly because: string };

/** A webhook delivery, kept until the reconcile it caused has succeeded. */
export interface Delivery {
  /** X-GitHub-Delivery: the same for a redelivery. */
  readonly id: string;
  readonly repositoryId: number;
  readonly event: RepositoryEvent;
  readonly receivedAt: Date;
}
