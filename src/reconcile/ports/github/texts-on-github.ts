// What the App writes into GitHub's deployments and issues.

import { createHash } from "node:crypto";

export interface DeploymentStatus {
  readonly state: "error" | "failure" | "inactive" | "in_progress" | "queued" | "pending" | "success";
  readonly log?: string;
  /** The environment's own address. */
  readonly environmentUrl?: string;
  /** At most 140 characters. */
  readonly description?: string;
}

export interface IssueText {
  /** Which of the App's issues it is: written into a hidden marker. */
  readonly kind: "config" | "direct-push" | "dashboard" | `drift:${string}`;
  readonly title: string;
  /** Markdown; absent to close the issue. */
  readonly body?: string;
  /** Markdown that is put before what stands in an issue that is closed, so that none of it is taken for what holds now. */
  readonly lastWords?: string;
  /** Of the body that it was given last (`bodyDigest`): an answer that shows another one may be behind. */
  readonly digest?: string;
  /** That issue, as it was just read: it is not looked for, and opened again where it is closed. */
  readonly known?: OwnIssue | undefined;
}

/** By which a body that was written is known again without being kept: SHA-256, in hexadecimal. */
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
  /** Its line breaks are line feeds. */
  readonly body: string;
  /** Logins of the people who edited its text since the App did, each once, as far as GitHub tells; "" for an account that is gone. */
  readonly editors: readonly string[];
}
