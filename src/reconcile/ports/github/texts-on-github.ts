// What the App writes into GitHub's deployments and issues.

import { createHash } from "node:crypto";

export interface DeploymentStatus {
  readonly state: "error" | "failure" | "inactive" | "in_progress" | "queued" | "pending" | "success";
  readonly log?: string;
  /** URL of the deployed environment. */
  readonly environmentUrl?: string;
  /** At most 140 characters. */
  readonly description?: string;
}

export interface IssueText {
  /** Which of the App's issues it is; written into a hidden marker. */
  readonly kind: "config" | "direct-push" | "dashboard" | `drift:${string}`;
  readonly title: string;
  /** Markdown; absent to close the issue. */
  readonly body?: string;
  /** Markdown that is put before the body of a closed issue, to mark it as outdated. */
  readonly lastWords?: string;
  /** `bodyDigest` of the body that was written last; a read that shows another body may be stale. */
  readonly digest?: string;
  /** The issue as it was just read: no search is needed, and it is reopened if closed. */
  readonly known?: OwnIssue | undefined;
}

/** Identifies a written body without storing it: SHA-256 in hexadecimal. */
export function bodyDigest(body: string): string {
  return createHash("sha256").update(body).digest("hex");
}

/** One of the App's own issues. */
export interface OwnIssue {
  /** GraphQL node id. */
  readonly id: string;
  readonly number: number;
  readonly isOpen: boolean;
  readonly title: string;
  /** Line breaks are normalised to LF. */
  readonly body: string;
  /** Logins of the people who edited the body since the App last did, without duplicates; "" for a deleted account. */
  readonly editors: readonly string[];
}
