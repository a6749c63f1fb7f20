// Everything a pull request text is made from, collected beforehand. What is absent is not known and is left out of the
// text; what could not be found out although it was tried carries the reason.

import type { Archive, ChartMetadata } from "../model/archive.ts";
import type { Publish } from "../model/publish.ts";

export interface ReviewFacts {
  readonly environment: string;
  readonly charts: readonly [ChartFacts, ...ChartFacts[]];
  /** The environment's values files as they stand after the promotion, later ones winning, as Helm is given them. */
  readonly valuesFiles: readonly TextFile[];
  /** The whole umbrella chart rendered with both versions; absent when nobody asked for it. */
  readonly rendered?: Rendered;
  /** Decisions of the edit that a reviewer must see, one sentence each. */
  readonly notes: readonly string[];
  readonly policy: PolicyFacts;
  /** Where pages of this GitHub are, without a trailing slash: `https://github.com`. */
  readonly githubWeb: string;
}

export interface TextFile {
  /** Path in the repository, for people. */
  readonly path: string;
  readonly text: string;
}

/** One chart that moves. */
export interface ChartFacts {
  readonly chart: string;
  /** Keys below which its values stand: the aliases of its entries, or its name. */
  readonly keys: readonly string[];
  /** Version on the base branch; empty when a range without a lock does not tell. */
  readonly from: string;
  readonly to: string;
  readonly repositoryUrl: string;
  readonly publish: Publish;
  readonly signature: Signature;
  readonly before: Opened;
  readonly after: Opened;
  /** Versions above `from` up to and including `to`, in any order, as far as the chart repository lists them. */
  readonly between: readonly ReleasedVersion[];
  /** Versions that had their own promotion here and were overtaken by this one. */
  readonly superseded: readonly string[];
  /** Commits of the source repository between both versions; present only when the App can read it. */
  readonly commits?: CommitRange;
  readonly elsewhere: readonly { readonly environment: string; readonly version: string }[];
  /** What the new chart's values.schema.json says to the environment's values; absent when there is no schema. */
  readonly schema?: SchemaVerdict;
}

export type Signature =
  /** No keyring is set for its chart repository. */
  | { readonly kind: "unasked" }
  | { readonly kind: "valid"; readonly signer: string }
  | { readonly kind: "invalid"; readonly because: string };

export type Opened =
  | { readonly kind: "opened"; readonly archive: Archive }
  | { readonly kind: "missing"; readonly because: string };

/** One version as the chart repository lists it, without its archive. */
export type ReleasedVersion = Pick<ChartMetadata, "version" | "annotations" | "deprecated"> & {
  readonly created?: Date;
};

export interface CommitRange {
  /** Page that compares both revisions, on the GitHub that the App is installed on. */
  readonly compareUrl: string;
  /** Newest first; perhaps fewer than `total`. */
  readonly commits: readonly SourceCommit[];
  readonly total: number;
}

export interface SourceCommit {
  readonly sha: string;
  readonly headline: string;
  readonly author: string;
}

export type SchemaVerdict =
  | { readonly kind: "checked"; readonly errors: readonly SchemaError[] }
  | { readonly kind: "unchecked"; readonly because: string };

export interface SchemaError {
  /** The key below which the chart's values stand: one chart may be there twice. */
  readonly key: string;
  /** Path below that key; empty for the values as a whole. */
  readonly path: readonly string[];
  /** "must be integer": follows the path in a sentence. */
  readonly message: string;
}

/** Both texts are what `helm template` prints: YAML documents. */
export type Rendered =
  | { readonly kind: "rendered"; readonly before: string; readonly after: string }
  | { readonly kind: "not-rendered"; readonly because: string }
  /** The new version does not render: the most important thing a reviewer can learn. */
  | { readonly kind: "failed"; readonly which: "before" | "after"; readonly message: string };

/** What the environment's configuration says about this promotion. */
interface PolicyFacts {
  /** Sentences that a reviewer should know, such as where the version was deployed before and since when. */
  readonly satisfied: readonly string[];
  /** What keeps the check from succeeding for now: a freeze, a soak time, a hold; each with its end when there is one. */
  readonly pending: readonly string[];
}
