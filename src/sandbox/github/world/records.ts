// GitHub's records besides Git. Records are immutable: a change replaces the record, so that a shallow copy of the maps
// is a snapshot.

export interface Account {
  readonly id: number;
  /** A bot's login ends with `[bot]`. */
  readonly login: string;
  readonly type: "User" | "Organization" | "Bot";
}

export interface Label {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  readonly description: string;
}

/** A `labeled` or `unlabeled` event of an issue or a pull request. */
export interface LabelEvent {
  readonly id: number;
  readonly number: number;
  readonly action: "labeled" | "unlabeled";
  readonly label: Pick<Label, "name" | "color">;
  readonly actor: Account;
  readonly createdAt: Date;
}

/** A ref change. */
export interface Activity {
  readonly id: number;
  readonly ref: string;
  /** All zeros when it was created. */
  readonly before: string;
  /** All zeros when it was deleted. */
  readonly after: string;
  readonly type: "push" | "force_push" | "branch_creation" | "branch_deletion" | "pr_merge";
  readonly actor: Account;
  readonly at: Date;
}

interface Numbered {
  readonly number: number;
  readonly id: number;
  readonly title: string;
  readonly body: string;
  readonly state: "open" | "closed";
  readonly author: Account;
  /** Ids of labels. */
  readonly labels: readonly number[];
  readonly assignees: readonly Account[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly closedAt?: Date;
  readonly closedBy?: Account;
  /** When its base was deleted, which closed it. */
  readonly baseDeletedAt?: Date;
  /** When its base was last forced. */
  readonly baseForcedAt?: Date;
  /** Its conversation is locked for Apps, and for people without write access. */
  readonly locked?: true;
}

export interface Issue extends Numbered {
  readonly kind: "issue";
  /** Edits of its body, newest first; includes the first text once it was edited. */
  readonly edits: readonly ContentEdit[];
}

export interface ContentEdit {
  readonly at: Date;
  readonly editor: Account;
}

export type MergeMethod = "merge" | "squash" | "rebase";

export interface PullRequest extends Numbered {
  readonly kind: "pull-request";
  readonly draft: boolean;
  readonly maintainerCanModify: boolean;
  readonly head: { readonly repositoryId: number; readonly branch: string; readonly oid: string };
  /** `oid`: head of the base branch at the last push of the head. */
  readonly base: { readonly branch: string; readonly oid: string };
  readonly reviewers: readonly Account[];
  /** Slugs of teams requested for a review. */
  readonly teams: readonly string[];
  readonly merge?: { readonly at: Date; readonly by: Account; readonly oid: string };
  readonly autoMerge?: {
    readonly method: MergeMethod;
    readonly by: Account;
    readonly at: Date;
    readonly headline?: string;
    readonly message?: string;
  };
  readonly queued: boolean;
}

export interface Comment {
  readonly id: number;
  readonly number: number;
  readonly author: Account;
  readonly body: string;
  /** Edits of its body, newest first; includes the first text once it was edited. */
  readonly edits: readonly ContentEdit[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const REACTIONS = ["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"] as const;

export interface Reaction {
  readonly id: number;
  /** A comment by its id, or an issue or pull request by its number. */
  readonly subject: { readonly kind: "comment" | "issue"; readonly key: number };
  readonly content: (typeof REACTIONS)[number];
  readonly author: Account;
  readonly createdAt: Date;
}

export type ReviewState = "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED";

export interface Review {
  readonly id: number;
  readonly number: number;
  readonly author: Account;
  readonly state: ReviewState;
  readonly body: string;
  readonly commitOid: string;
  readonly submittedAt: Date;
}

export const DEPLOYMENT_STATES = [
  "error",
  "failure",
  "inactive",
  "in_progress",
  "queued",
  "pending",
  "success",
] as const;

export type DeploymentState = (typeof DEPLOYMENT_STATES)[number];

export interface DeploymentStatus {
  readonly id: number;
  readonly state: DeploymentState;
  readonly creator: Account;
  readonly description: string;
  readonly environment: string;
  readonly logUrl: string;
  readonly environmentUrl: string;
  readonly createdAt: Date;
}

export interface Deployment {
  readonly id: number;
  readonly oid: string;
  /** As requested: a branch or a commit id. */
  readonly ref: string;
  readonly task: string;
  readonly environment: string;
  readonly description: string;
  /** As requested: an object, or a text. */
  readonly payload: unknown;
  readonly transient: boolean;
  readonly production: boolean;
  readonly creator: Account;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Oldest first. */
  readonly statuses: readonly DeploymentStatus[];
}

export interface CheckSuite {
  readonly id: number;
  readonly headOid: string;
  readonly headBranch: string | null;
  readonly createdAt: Date;
}

export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly annotation_level: "notice" | "warning" | "failure";
  readonly message: string;
  readonly title?: string | undefined;
  readonly raw_details?: string | undefined;
}

export const CONCLUSIONS = [
  "action_required",
  "cancelled",
  "failure",
  "neutral",
  "success",
  "skipped",
  "stale",
  "timed_out",
] as const;

type Conclusion = (typeof CONCLUSIONS)[number];

export interface CheckRun {
  readonly id: number;
  readonly suiteId: number;
  readonly name: string;
  readonly headOid: string;
  readonly status: "queued" | "in_progress" | "completed";
  readonly conclusion: Conclusion | null;
  readonly externalId: string;
  readonly detailsUrl: string;
  readonly startedAt: Date | null;
  readonly completedAt: Date | null;
  readonly output: {
    readonly title: string | null;
    readonly summary: string | null;
    readonly text: string | null;
  };
  readonly annotations: readonly Annotation[];
  readonly actions: readonly {
    readonly label: string;
    readonly description: string;
    readonly identifier: string;
  }[];
}

/** A ruleset for a branch. Its bypass list is empty by default. */
export interface BranchRule {
  /** Branch name; `*` stands for any run of characters. */
  readonly pattern: string;
  readonly approvals: number;
  /** Names of required checks. */
  readonly requiredChecks: readonly string[];
  /** Changes only through pull requests; no force push, no deletion. */
  readonly protected: boolean;
  readonly blocksCreations: boolean;
  readonly mergeQueue: boolean;
  /** Logins that may bypass the rule. */
  readonly bypass: readonly string[];
}

export type Permission = "admin" | "maintain" | "write" | "triage" | "read" | "none";
