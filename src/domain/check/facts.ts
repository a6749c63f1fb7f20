// The facts that one head is judged by, gathered beforehand.

import type { SignatureVerdict } from "../model/chart/signature.ts";
import type { Environment } from "../model/config/config.ts";
import type { EnvironmentTexts } from "../model/github/checked-pull-request.ts";
import type { Problem, Result } from "../model/problem.ts";
import type { Umbrella } from "../model/umbrella.ts";
import type { RenderingJudgement } from "../pull-request-body/judgement.ts";
import type { MovedEntry } from "./moved-entries.ts";

export interface CheckFacts {
  /** The environments in whose folder the pull request changes something. */
  readonly environments: readonly EnvironmentFacts[];
  /**
   * Whether it is held: by the label `promotion/hold`, or because somebody without write access removed the label.
   * Absent when it is not held.
   */
  readonly held?: "labelled" | "taken-off" | undefined;
  /** Whether it is exempt from freezes: it has the label `emergency`, put on with write access. */
  readonly emergency: boolean;
  /** For a rollback by the App, by chart: the version that it goes back to, and the one that it takes back. */
  readonly rollback: ReadonlyMap<string, { readonly version: string; readonly from: string }>;
  /** For a promotion by the App, by chart: a version requested although it waits, and by whom. */
  readonly requested: ReadonlyMap<string, { readonly version: string; readonly by: string }>;
  /** GitHub does not list all of the changed files. */
  readonly hasUnlisted?: true;
  /** Files that people changed on the App's promotion outside of the environment's texts. */
  readonly filesOfOthers: readonly string[];
  /** Symbolic links and submodules that replace files which are read: their targets are not read. */
  readonly links: readonly string[];
  /** Login of the person who allowed the findings that need an allowance, for this very commit. */
  readonly allowedBy?: string;
  readonly now: Date;
}

export interface EnvironmentFacts {
  readonly environment: Environment;
  readonly texts: EnvironmentTexts;
  /** The umbrella chart at the head, or why it cannot be read. */
  readonly umbrella: Result<Umbrella>;
  /** The effective lock file at the merge base. */
  readonly lockBefore?: string;
  readonly entries: readonly EntryFacts[];
  /** Packed charts in `charts/` that the pull request changed or added. */
  readonly archives: readonly ArchiveFact[];
  /**
   * How the environment renders with the moved charts; absent when there are none, or the umbrella chart cannot be
   * read.
   */
  readonly judgement?: RenderingJudgement;
  /** The archive of a current version could not be fetched; a later retry may succeed. */
  readonly comparesLater?: true;
  /** Why the images are not looked up; absent when they are, or no registry is configured. */
  readonly imagesUnknown?: string;
  readonly images: readonly ImageFact[];
}

/** The facts about one dependency. */
export interface EntryFacts {
  readonly entry: MovedEntry;
  readonly chart: ChartFact;
  /** The `repository` text on the base, if it comes from another chart repository now. */
  readonly repointedFrom?: string;
  /**
   * Why it has to wait for the upstream environment; `until`: when the soak ends by itself. `isWithdrawn`: it was
   * deployed there, and was then taken back, declined or failed.
   */
  readonly wait?: { readonly because: string; readonly until?: Date; readonly isWithdrawn?: true };
}

export type ChartFact =
  | {
      readonly kind: "found";
      /** Name in server.yaml. */
      readonly repository: string;
      readonly digest?: string;
      /** Digest of the manifest, in an OCI registry. */
      readonly manifestDigest?: string;
      /** The announced digest. */
      readonly announced?: string;
      /** Other versions of the same precedence, which Helm may download instead: they differ in build metadata only. */
      readonly sameRank?: readonly string[];
      /** Why its archive could not be fetched; absent when it could, or when its digest is not the listed one. */
      readonly unfetched?: Problem;
      readonly signature: SignatureVerdict;
    }
  | { readonly kind: "missing"; readonly repository: string; readonly requested: string }
  | ({ readonly kind: "unreachable"; readonly problem: Problem } & RetryAdvice)
  /** Not looked up: its version does not change, is not known, or no chart repository of server.yaml has it. */
  | { readonly kind: "unasked"; readonly because?: string };

/** What a failed answer says about when to retry. */
export interface RetryAdvice {
  /** `denied`: the server answers, and refuses access. */
  readonly why?: "denied" | "trouble";
  /** The wait that it asked for (Retry-After), in milliseconds. */
  readonly retryAfterMs?: number;
}

/** A packed chart that a pull request commits: Helm installs it as it is. */
export interface ArchiveFact {
  /** Path in the repository. */
  readonly path: string;
  readonly verdict: /** The same bytes as the chart repository's archive of that version. */
    | { readonly kind: "same" }
    | { readonly kind: "differs"; readonly chart: string; readonly repository: string }
    /** No dependency of the head has that name and version. */
    | { readonly kind: "unnamed" }
    /** `isPassing`: the chart repository may answer later. */
    | { readonly kind: "unknown"; readonly because: string; readonly isPassing?: true };
}

export interface ImageFact {
  readonly image: string;
  readonly answer:
    | { readonly kind: "exists" }
    | { readonly kind: "missing"; readonly requested: string }
    | { readonly kind: "unknown"; readonly problem: Problem };
}
