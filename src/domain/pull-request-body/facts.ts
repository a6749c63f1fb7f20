// Everything a pull request text is made from, collected beforehand. What is absent is not known and is left out of the
// text; what could not be found out although it was tried carries the reason.

import type { Archive, ChartMetadata } from "../model/chart/archive.ts";
import type { SignatureVerdict } from "../model/chart/signature.ts";
import type { Cluster } from "../model/config/config.ts";
import type { Move } from "../model/promotion.ts";
import type { Publish } from "../model/publish.ts";
import type { TreePath } from "./manifests/tree.ts";

export interface PullRequestFacts {
  readonly environment: string;
  readonly cluster: Cluster;
  /** Name of the umbrella chart; absent where nobody read it. */
  readonly umbrella?: string;
  readonly charts: readonly [ChartFacts, ...ChartFacts[]];
  /** The environment's values files as they stand after the promotion, later ones winning, as Helm is given them. */
  readonly valuesFiles: readonly TextFile[];
  /** The whole umbrella chart rendered with both versions; absent when nobody asked for it. */
  readonly rendered?: Rendered;
  /**
   * Of the values that the environment sets and the new versions have no default for: those that make no difference to what is
   * rendered, each by its path from the top of the values. Absent when that was not tried.
   */
  readonly unread?: readonly TreePath[];
  /** Decisions of the edit that a reviewer must see, one sentence each. */
  readonly notes: readonly string[];
  readonly policy: PolicyFacts;
  /** Where pages of this GitHub are, without a trailing slash: `https://github.com`. */
  readonly githubWeb: string;
}

export interface TextFile {
  /** TreePath in the repository, for people. */
  readonly path: string;
  readonly text: string;
}

/** One chart that moves. */
export interface ChartFacts {
  readonly chart: string;
  /** Keys below which its values stand: the aliases of its entries, or its name. */
  readonly keys: readonly string[];
  /** Version on the base branch; empty for a range without a lock. */
  readonly from: string;
  readonly to: string;
  readonly apart?: Move["apart"];
  readonly repositoryUrl: string;
  /** Absent where nobody published it: a comparison on somebody's own machine. */
  readonly publish?: Publish;
  readonly signature: SignatureVerdict;
  readonly before: Opened;
  readonly after: Opened;
  /** Versions above `from` up to and including `to`, in any order, as far as the chart repository lists them. */
  readonly between: readonly ReleasedVersion[];
  /** Other versions of its chart repository that Helm may download for `to`: they differ from it in build metadata only. */
  readonly sameRank?: readonly string[];
  /** Why some of them are missing there, or say nothing of themselves. */
  readonly unread?: string;
  /** Versions that had their own promotion here and were overtaken by this one. */
  readonly superseded: readonly string[];
  /** Commits of the source repository between both versions; present only when the App can read it. */
  readonly commits?: CommitRange;
  readonly elsewhere: readonly { readonly environment: string; readonly version: string }[];
  /**
   * What the new chart's values.schema.json says to the environment's values where Helm was not there to say it; absent when
   * there is no schema.
   */
  readonly schema?: SchemaVerdict;
}

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
  /** TreePath below that key; empty for the values as a whole. */
  readonly path: readonly string[];
  /** "must be integer": follows the path in a sentence. */
  readonly message: string;
}

/** What Helm makes of the environment with the versions before and after. */
export type Rendered = NotRendered | Renderings;

/** Not tried, or not to the end: nothing is known of what changes. */
export interface NotRendered {
  readonly kind: "not-rendered";
  /**
   * `impossible`: there is no Helm, or a chart is not at hand; `gave-up`: it took too long, or printed too much;
   * `not-yet`: it is still under way.
   */
  readonly why: "impossible" | "gave-up" | "not-yet";
  /** Without a full stop. */
  readonly because: string;
  /** The new version by itself on both sides, where it is only the present one that cannot be rendered. */
  readonly alone?: Renderings;
}

export interface Renderings {
  readonly kind: "rendered";
  readonly before: RenderedSide;
  readonly after: RenderedSide;
  readonly as: RenderedAs;
  /** API versions that templates ask the cluster for and that nobody said it has. */
  readonly unstated: readonly string[];
  /** Whether templates depend on the Kubernetes version although nobody stated the cluster's: Helm's own was taken. */
  readonly kubeVersionAssumed: boolean;
}

/**
 * `installation`: at least one side renders only so, as one does whose templates look for what an earlier upgrade left in
 * the cluster; then both were. The words are Helm's about the upgrade.
 */
export type RenderedAs =
  | { readonly kind: "upgrade" }
  | {
      readonly kind: "installation";
      readonly before?: string;
      readonly after?: string;
      /** Whether any template looks into the cluster. */
      readonly lookups: boolean;
    };

export type RenderedSide =
  | ({
      readonly kind: "rendered";
      /** YAML documents, as the cluster is stated. */
      readonly first: string;
      /** The same rendered again, with what stands in `crds/` in front. */
      readonly second: string;
      /** Rendered twice with the unstated API versions too; absent when there are none, or when it does not render so. */
      readonly withUnstated?: readonly [string, string];
    } & SchemaWords)
  /** Helm's own words. */
  | { readonly kind: "failed"; readonly message: string };

/** What Helm says of the schemas of umbrella, chart and subcharts. */
export interface SchemaWords {
  /** What they refuse: Helm renders nothing then. Empty when they take everything. */
  readonly refused: readonly SchemaRefusal[];
  /** Schemas that could not be tried, and why. */
  readonly untried: readonly { readonly chart: string; readonly because: string }[];
}

/** One thing that Helm says a schema does not allow. */
export interface SchemaRefusal {
  /** Name of the chart whose schema it is, or its alias, as Helm prints it. */
  readonly chart: string;
  /** Below that chart's own values; empty for them as a whole. */
  readonly path: readonly string[];
  /** Helm's words: "got string, want integer". */
  readonly message: string;
}

/** What the environment's configuration says about this promotion. */
interface PolicyFacts {
  /** Sentences that a reviewer should know, such as where the version was deployed before and since when. */
  readonly satisfied: readonly string[];
  /** What keeps the check from succeeding for now: a freeze, a soak time, a hold; each with its end when there is one. */
  readonly pending: readonly string[];
}
