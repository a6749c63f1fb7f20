// What GitHub told us, in the past tense. An event only says "look again"; the truth is read from GitHub afterwards.

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
      /** Nobody told of it: whether it was forced, and who pushed, is not known. */
      readonly missed?: true;
      readonly branch: string;
      readonly before: string;
      readonly after: string;
      readonly forced: boolean;
      readonly pusher: string;
    }
  | { readonly kind: "pull-request-merged"; readonly number: number; readonly base: string }
  | {
      readonly kind: "pull-request-changed";
      readonly number: number;
      /** GitHub's own action: opened, synchronize, reopened, closed, labeled, edited … */
      readonly action: string;
      readonly headSha: string;
      readonly headBranch: string;
      readonly base: string;
      /** The head that it had, where the action is `synchronize`. */
      readonly before?: string;
      /** The label that was put on or taken off. */
      readonly label?: string;
    }
  | { readonly kind: "commented"; readonly number: number; readonly commentId: number }
  | { readonly kind: "check-requested"; readonly headSha: string; readonly numbers: readonly number[] }
  | {
      readonly kind: "merge-group-requested";
      readonly headSha: string;
      readonly headRef: string;
      readonly baseRef: string;
    }
  | { readonly kind: "repository-changed" };

/** What one webhook tells. */
export type Heard =
  /** Something to look at in one repository. */
  | {
      readonly kind: "repository";
      readonly repositoryId: number;
      readonly events: readonly RepositoryEvent[];
    }
  /** The installation covers other repositories now, or is gone. */
  | { readonly kind: "installation"; readonly installationId: number }
  | { readonly kind: "ignored"; readonly because: string };

/** A webhook delivery, kept until the look it asked for is over. */
export interface Delivery {
  /** X-GitHub-Delivery: the same for a redelivery. */
  readonly id: string;
  readonly repositoryId: number;
  readonly event: RepositoryEvent;
  readonly receivedAt: Date;
}
