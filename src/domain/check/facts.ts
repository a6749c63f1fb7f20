// Everything one head is judged by, collected beforehand.

import type { SignatureVerdict } from "../model/chart/signature.ts";
import type { Environment } from "../model/config/config.ts";
import type { EnvironmentTexts } from "../model/github/checked-pull-request.ts";
import type { Problem, Result } from "../model/problem.ts";
import type { Umbrella } from "../model/umbrella.ts";
import type { RenderingJudgement } from "../pull-request-body/judgement.ts";
import type { MovedEntry } from "./moved-entries.ts";

export interface CheckFacts {
  /** The environments whose folder the pull request touches. */
  readonly environments: readonly EnvironmentFacts[];
  /** The label `promotion/hold` is on it, or somebody without write access took it off; absent where it is not held. */
  readonly held?: "labelled" | "taken-off" | undefined;
  /** Whether it may go out in spite of a freeze: the label `emergency` is on it, from somebody with write access. */
  readonly emergency: boolean;
  /** By chart: the version that this pull request goes back to, and the one that it takes away, when it is a rollback of the App's own. */
  readonly rollback: ReadonlyMap<string, { readonly version: string; readonly from: string }>;
  /** By chart: the version that somebody asked for although it waits, and who, when it is a promotion of the App's own. */
  readonly requested: ReadonlyMap<string, { readonly version: string; readonly by: string }>;
  /** GitHub does not list all the files that it changes. */
  readonly hasUnlisted?: true;
  /** What people changed on a promotion of the App's own beside the texts of its environment. */
  readonly filesOfOthers: readonly string[];
  /** Symbolic links and submodules that it puts in the place of what is read: what they lead to is not read. */
  readonly links: readonly string[];
  /** Who said that what fails until somebody says so is meant, for this very commit. */
  readonly allowedBy?: string;
  readonly now: Date;
}

export interface EnvironmentFacts {
  readonly environment: Environment;
  readonly texts: EnvironmentTexts;
  /** The head's, or why there is none. */
  readonly umbrella: Result<Umbrella>;
  /** The lock that Helm went by where the pull request began. */
  readonly lockBefore?: string;
  readonly entries: readonly EntryFacts[];
  /** The packed charts in its `charts/` that the pull request changed or brought. */
  readonly archives: readonly ArchiveFact[];
  /** How the environment renders with those; absent when there are none, or the umbrella chart cannot be read. */
  readonly judgement?: RenderingJudgement;
  /** The archive of a present version could not be had just now: it may be there when it is asked for again. */
  readonly comparesLater?: true;
  /** Why the images are not looked up; absent when they are, or when no registry is configured. */
  readonly imagesUnknown?: string;
  readonly images: readonly ImageFact[];
}

/** What was found out about one dependency. */
export interface EntryFacts {
  readonly entry: MovedEntry;
  readonly chart: ChartFact;
  /** The `repository` text on the base, when it comes from another chart repository now. */
  readonly repointedFrom?: string;
  /**
   * Why it has to wait for the environment before; `until` when it will have waited long enough by itself. `isWithdrawn`: it
   * was there, and was taken back, declined or failed.
   */
  readonly wait?: { readonly because: string; readonly until?: Date; readonly isWithdrawn?: true };
}

export type ChartFact =
  | {
      readonly kind: "found";
      /** Name in server.yaml. */
      readonly repository: string;
      readonly digest?: string;
      /** Of the manifest, in a registry. */
      readonly manifestDigest?: string;
      /** As it was announced. */
      readonly announced?: string;
      /** Other versions there that Helm may download for it: they differ from it in build metadata only. */
      readonly sameRank?: readonly string[];
      /** Why its archive could not be had; absent when it could, or when it is not the one that is listed. */
      readonly unfetched?: Problem;
      readonly signature: SignatureVerdict;
    }
  | { readonly kind: "missing"; readonly repository: string; readonly requested: string }
  | ({ readonly kind: "unreachable"; readonly problem: Problem } & AskedAgain)
  /** Not looked up: it does not move, no chart repository of server.yaml has it, or its version is not known. */
  | { readonly kind: "unasked"; readonly because?: string };

/** What is known of when a server that gave no healthy answer is worth another question. */
export interface AskedAgain {
  /** `denied`: it answers, and does not let us in. */
  readonly why?: "denied" | "trouble";
  /** How long it asked to be left alone. */
  readonly retryAfterMs?: number;
}

/** A packed chart that a pull request commits: Helm installs it as it is. */
export interface ArchiveFact {
  /** In the repository. */
  readonly path: string;
  readonly verdict: /** What the chart repository serves as that version, byte for byte. */
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
