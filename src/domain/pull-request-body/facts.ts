// The facts for a pull request text, gathered beforehand. Absent facts are unknown and left out of the text; a fact
// that could not be determined has the reason instead.

import type { Archive, ChartMetadata } from "../model/chart/archive.ts";
import type { SignatureVerdict } from "../model/chart/signature.ts";
import type { Cluster } from "../model/config/config.ts";
import type { Move } from "../model/promotion.ts";
import type { Publish } from "../model/publish.ts";
import type { TreePath } from "./manifests/tree.ts";

export interface PullRequestFacts {
  readonly environment: string;
  readonly cluster: Cluster;
  /** Name of the umbrella chart; absent when it was not read. */
  readonly umbrella?: string;
  readonly charts: readonly [ChartFacts, ...ChartFacts[]];
  /** The environment's values files after the promotion, in Helm's order: later ones override earlier ones. */
  readonly valuesFiles: readonly TextFile[];
  /** The whole umbrella chart rendered with both versions; absent when rendering was not requested. */
  readonly rendered?: Rendered;
  /**
   * Values of the environment without a default in the new versions that make no difference to the rendering; paths
   * from the root of the values. Absent when that was not tried.
   */
  readonly unreadValues?: readonly TreePath[];
  /** Notes for the reviewer about decisions of the edit, one sentence each. */
  readonly notes: readonly string[];
  readonly policy: PolicyFacts;
  /** Base URL of GitHub's web pages, without a trailing slash: `https://github.com`. */
  readonly githubWeb: string;
}

export interface TextFile {
  /** TreePath in the repository, for people. */
  readonly path: string;
  readonly text: string;
}

/** One chart whose version changes. */
export interface ChartFacts {
  readonly chart: string;
  /** Keys of its values: the aliases of its entries, or its name. */
  readonly keys: readonly string[];
  /** Version on the base branch; empty for a range without a lock. */
  readonly from: string;
  readonly to: string;
  readonly apart?: Move["apart"];
  readonly repositoryUrl: string;
  /** Absent when nobody published it: a comparison on a local machine. */
  readonly publish?: Publish;
  readonly signature: SignatureVerdict;
  readonly before: Opened;
  readonly after: Opened;
  /** Versions above `from` up to and including `to`, in any order, as far as the chart repository lists them. */
  readonly between: readonly ReleasedVersion[];
  /**
   * Other versions of the same precedence in its chart repository, which Helm may download instead of `to`: they differ
   * in build metadata only.
   */
  readonly sameRank?: readonly string[];
  /** Why some of them are missing, or have no metadata. */
  readonly incomplete?: string;
  /** Versions that had a promotion of their own here and were superseded by this one. */
  readonly superseded: readonly string[];
  /** Commits of the source repository between both versions; present only when the App can read it. */
  readonly commits?: CommitRange;
  readonly elsewhere: readonly { readonly environment: string; readonly version: string }[];
  /**
   * The result of validating the environment's values against the new chart's values.schema.json without Helm; absent
   * when there is no schema.
   */
  readonly schema?: SchemaVerdict;
}

export type Opened =
  | { readonly kind: "opened"; readonly archive: Archive }
  | { readonly kind: "missing"; readonly because: string };

/** One version in the chart repository's listing, without its archive. */
export type ReleasedVersion = Pick<ChartMetadata, "version" | "annotations" | "deprecated"> & {
  readonly created?: Date;
};

export interface CommitRange {
  /** URL of GitHub's page that compares both revisions. */
  readonly compareUrl: string;
  /** Newest first; may be fewer than `total`. */
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
  /** Key of the chart's values: a chart may be there twice. */
  readonly key: string;
  /** TreePath below that key; empty for the values as a whole. */
  readonly path: readonly string[];
  /** "must be integer": follows the path in a sentence. */
  readonly message: string;
}

/** The environment rendered by Helm with the versions before and after. */
export type Rendered = NotRendered | Renderings;

/** Not rendered, or not completely: the changes are unknown. */
export interface NotRendered {
  readonly kind: "not-rendered";
  /**
   * `impossible`: there is no Helm, or an archive is missing; `gave-up`: it took too long, or printed too much;
   * `not-yet`: it is still running.
   */
  readonly why: "impossible" | "gave-up" | "not-yet";
  /** Without a full stop. */
  readonly because: string;
  /** Both sides rendered with the new version, when only the present one cannot be rendered. */
  readonly alone?: Renderings;
}

export interface Renderings {
  readonly kind: "rendered";
  readonly before: RenderedSide;
  readonly after: RenderedSide;
  readonly as: RenderedAs;
  /** API versions that templates query and that the config does not state. */
  readonly unstated: readonly string[];
  /** Whether templates depend on the Kubernetes version while the config states none: Helm's default was used. */
  readonly kubeVersionAssumed: boolean;
}

/**
 * `installation`: at least one side renders only as an installation, such as when templates look up what an earlier
 * upgrade left in the cluster; then both were rendered so. The message is Helm's about the upgrade.
 */
export type RenderedAs =
  | { readonly kind: "upgrade" }
  | {
      readonly kind: "installation";
      readonly before?: string;
      readonly after?: string;
      /** Whether any template uses `lookup`. */
      readonly lookups: boolean;
    };

export type RenderedSide =
  | ({
      readonly kind: "rendered";
      /** YAML documents, for the cluster as stated in the config. */
      readonly first: string;
      /** Rendered a second time, preceded by the contents of `crds/`. */
      readonly second: string;
      /** Rendered twice with the unstated API versions as well; absent when there are none, or when that fails. */
      readonly withUnstated?: readonly [string, string];
    } & SchemaWords)
  /** Helm's own message. */
  | { readonly kind: "failed"; readonly message: string };

/** Helm's results of validating the schemas of umbrella, chart and subcharts. */
export interface SchemaWords {
  /** The violations, with which Helm renders nothing. Empty when all values are valid. */
  readonly refused: readonly SchemaRefusal[];
  /** Schemas that could not be applied, and why. */
  readonly untried: readonly { readonly chart: string; readonly because: string }[];
}

/** One schema violation reported by Helm. */
export interface SchemaRefusal {
  /** Name or alias of the chart with the schema, as Helm prints it. */
  readonly chart: string;
  /** Path relative to that chart's own values; empty for the values as a whole. */
  readonly path: readonly string[];
  /** Helm's message: "got string, want integer". */
  readonly message: string;
}

/** What the environment's config says about this promotion. */
interface PolicyFacts {
  /** Sentences that a reviewer should know, such as where the version was deployed before and since when. */
  readonly satisfied: readonly string[];
  /** What keeps the check pending for now: a freeze, a soak, a hold; each with its end when there is one. */
  readonly pending: readonly string[];
}
