// Webhook events in the past tense. An event only causes a reconcile; the state itself is read from GitHub afterwards.

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
  /** A push that no merge has explained yet; it is asked about when the telling of merges has had its time. */
  | {
      readonly kind: "push-unexplained";
      /** Found without a webhook: whether it was forced, and who pushed, is not known. */
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
      /** GitHub's own action: opened, synchronize, reopened, closed, labeled, edited … */
      readonly action: string;
      readonly headSha: string;
      readonly headBranch: string;
      readonly base: string;
      /** Sent because of something the App itself did: only the check of the new head is concerned. */
      readonly byApp?: true;
      /** The head that it had, where the action is `synchronize`. */
      readonly before?: string;
      /** The label that was put on or taken off. */
      readonly label?: string;
      /** Login of the person who did that; absent for a bot. */
      readonly person?: string;
      /** The App opened it. */
      readonly ofApp?: true;
      /** Of a fork, by somebody of whom GitHub does not tell that they belong to the repository. */
      readonly byStranger?: true;
    }
  | {
      readonly kind: "commented";
      readonly number: number;
      readonly commentId: number;
      /** Found without a webhook. */
      readonly missed?: true;
      /** Its text was changed, by its author or by somebody else. */
      readonly edited?: true;
      /** On an issue, which may be the App's. */
      readonly onIssue?: true;
      /** By somebody of whom GitHub does not tell that they belong to the repository. */
      readonly byStranger?: true;
    }
  /** Somebody else than the App edited its dashboard issue, or closed it. */
  | {
      readonly kind: "dashboard-edited";
      readonly number: number;
      /** Those that were ticked by it. */
      readonly boxes: readonly TickBox[];
      /** Login; absent where it is not known who ticked. */
      readonly person?: string;
    }
  | { readonly kind: "check-requested"; readonly headSha: string; readonly numbers: readonly number[] }
  | {
      readonly kind: "merge-group-requested";
      readonly headSha: string;
      readonly headRef: string;
      readonly baseRef: string;
    }
  /** Comments were looked for when GitHub's answer might still lag: they are looked for once more when it cannot. */
  | { readonly kind: "comments-awaited" }
  /** Renamed, archived, another default branch. */
  | { readonly kind: "repository-changed" }
  /**
   * Nothing happened that is known of: everything is to be read and planned anew. `repeated`: nothing is new since the last one,
   * which may have read less than there was.
   */
  | { readonly kind: "resync"; readonly repeated?: true };

/** What one webhook is parsed into. */
export type ParsedWebhook =
  /** Something to reconcile in one repository. */
  | {
      readonly kind: "repository";
      readonly repositoryId: number;
      readonly events: readonly RepositoryEvent[];
    }
  /** The installation covers other repositories now, or is gone. */
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
