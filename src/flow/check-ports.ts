// What checking a head needs of GitHub, of chart repositories and of the tools that read charts.

import type { Judgement } from "../check/judge-head.ts";
import type { Problem, Result } from "../model/problem.ts";
import type { ConfigRepository } from "../model/repository.ts";
import type { ChartRepository, ImageRegistry } from "../model/settings.ts";
import type { Files } from "../model/umbrella.ts";
import type { SchemaVerdict, TextFile } from "../review/facts.ts";

export interface HeadAsked {
  readonly number: number;
  readonly environments: readonly {
    readonly name: string;
    readonly path: string;
    readonly files: readonly string[];
  }[];
  /** A merge queue's group in place of the pull request's own head. */
  readonly group?: { readonly headSha: string; readonly baseSha: string };
}

export interface HeadAnswer {
  /** GraphQL node id. */
  readonly id: string;
  readonly number: number;
  readonly state: "open" | "closed" | "merged";
  /** Whether the App opened it. */
  readonly ours: boolean;
  readonly inMergeQueue: boolean;
  readonly baseBranch: string;
  /** Commit at the head of the base branch, or under a merge queue's group. */
  readonly baseSha?: string;
  readonly headBranch: string;
  /** Whether its head is in another repository. */
  readonly isFork: boolean;
  readonly headSha: string;
  readonly labels: readonly string[];
  /** Paths in the repository that it changes. */
  readonly files: readonly string[];
  /** Its newest commits, oldest first; `ours` only where GitHub's own signature vouches for it. */
  readonly commits: readonly { readonly message: string; readonly ours: boolean }[];
  readonly commitCount: number;
  /** By environment. */
  readonly texts: ReadonlyMap<string, { readonly fork: Files; readonly base: Files; readonly head: Files }>;
  /** The App's newest check run on that head. */
  readonly check?: CheckRunSeen;
}

export interface CheckRunSeen {
  readonly id: number;
  /** As it was written. */
  readonly externalId: string;
  readonly completed: boolean;
  /** Whether it lets the pull request be merged. */
  readonly passed: boolean;
}

export type CheckRun = Pick<Judgement, "conclusion" | "title" | "summary" | "annotations"> & {
  readonly headSha: string;
  readonly externalId: string;
  /** A run that still waits, to be brought to its end in place of a new one. */
  readonly continues?: number;
};

export interface CheckGitHub {
  /** One query. `undefined` when there is no such pull request. */
  readHead(repository: ConfigRepository, asked: HeadAsked): Promise<HeadAnswer | undefined>;
  /** The run's id; none when GitHub does not let the App write it. */
  writeCheckRun(repository: ConfigRepository, run: CheckRun): Promise<number | undefined>;
  openHeads(repository: ConfigRepository): Promise<
    readonly {
      readonly number: number;
      readonly baseBranch: string;
      readonly headSha: string;
      readonly check?: CheckRunSeen;
    }[]
  >;
}

/** Tools that look into charts. */
export interface Inspection {
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
  checkValues(values: {
    readonly schema: string;
    readonly defaults: string;
    readonly keys: readonly string[];
    readonly valuesFiles: readonly TextFile[];
  }): Promise<SchemaVerdict>;
  imageExists(registries: readonly ImageRegistry[], image: string): Promise<ImageAnswer>;
  /** Absent without a helm program. */
  readonly render?: (input: {
    readonly umbrellaFiles: Files;
    /** Packed dependencies by file name. */
    readonly archives: ReadonlyMap<string, Uint8Array>;
    readonly valuesFiles: readonly string[];
    readonly release: string;
  }) => Promise<Result<string>>;
}

type ImageAnswer =
  | { readonly kind: "exists" }
  | { readonly kind: "missing"; readonly asked: string }
  | { readonly kind: "unknown"; readonly problem: Problem }
  | { readonly kind: "unchecked"; readonly because: string };
