// What checking a head needs of GitHub, of chart repositories and of the tools that read charts.

import type { ChartRepository, ImageRegistry } from "../../../domain/model/config/settings.ts";
import type {
  CheckedPullRequest,
  CheckRunDraft,
  ObservedCheckRun,
  OpenPullRequest,
  PullRequestQuery,
} from "../../../domain/model/github/checked-pull-request.ts";
import type { Problem, Result } from "../../../domain/model/problem.ts";
import type { ChartReviewer } from "../chart-review.ts";

export interface CheckGitHub {
  /** One query. `undefined` when the pull request does not exist. */
  readHead(query: PullRequestQuery): Promise<CheckedPullRequest | undefined>;
  /**
   * Returns the run's id; `undefined` when GitHub accepts none for this head. Rejects when the App lacks the permission
   * for checks.
   */
  writeCheckRun(run: CheckRunDraft): Promise<number | undefined>;
  openHeads(): Promise<readonly OpenPullRequest[]>;
}

/** Tools that inspect charts. */
export interface ChartTools extends ChartReviewer {
  /** The text of the chart's `.prov` file. */
  fetchProvenance(
    repository: ChartRepository,
    chart: { readonly chart: string; readonly version: string },
  ): Promise<Result<string>>;
  verifyProvenance(signed: {
    readonly prov: string;
    readonly keyring: Uint8Array;
    readonly packed: Uint8Array;
    readonly name: string;
    readonly version: string;
  }): Promise<Result<{ readonly userIds: readonly string[]; readonly keyId: string }>>;
  imageExists(registries: readonly ImageRegistry[], image: string): Promise<ImageAnswer>;
}

type ImageAnswer =
  | { readonly kind: "exists" }
  | { readonly kind: "missing"; readonly requested: string }
  | { readonly kind: "unknown"; readonly problem: Problem }
  | { readonly kind: "unchecked"; readonly because: string };

/** The check runs that this process wrote lately. */
export interface WrittenChecks {
  add(repositoryId: number, sha: string, check: WrittenCheck): void;
  /** The newest check of a commit: the one that was read, or the one that this process has written since. */
  newest<Seen extends WrittenCheck>(
    repositoryId: number,
    sha: string,
    seen: Seen | undefined,
  ): Seen | WrittenCheck | undefined;
}

export type WrittenCheck = Pick<ObservedCheckRun, "id" | "externalId">;
