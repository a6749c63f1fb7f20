// Everything one head is judged by, collected beforehand.

import type { Environment } from "../model/config.ts";
import type { HeadTexts } from "../model/head.ts";
import type { Problem } from "../model/problem.ts";
import type { SchemaVerdict } from "../review/facts.ts";
import type { MovedEntry } from "./moved-entries.ts";

export interface HeadFacts {
  /** The environments whose folder the pull request touches. */
  readonly environments: readonly EnvironmentFacts[];
  /** Whether the label `promotion/hold` is on it. */
  readonly held: boolean;
  /** By chart: the version that this pull request takes away, when it is a rollback of the App's own. */
  readonly rollback: ReadonlyMap<string, string>;
  readonly now: Date;
}

export interface EnvironmentFacts {
  readonly environment: Environment;
  readonly texts: HeadTexts;
  /** URL by the name in server.yaml, for `@name` and `alias:name`. */
  readonly repositories: ReadonlyMap<string, string>;
  readonly entries: readonly EntryFacts[];
  /** Why the images are not looked up; absent when they are, or when no registry is configured. */
  readonly imagesUnknown?: string;
  readonly images: readonly ImageFact[];
}

/** What was found out about one dependency. */
export interface EntryFacts {
  readonly entry: MovedEntry;
  readonly chart: ChartFact;
  /** Why it has to wait for the environment before; `until` when it will have waited long enough by itself. */
  readonly wait?: { readonly because: string; readonly until?: Date };
  /** What the chart's own values.schema.json says to the values here; absent without a schema. */
  readonly schema?: SchemaVerdict;
}

export type ChartFact =
  | {
      readonly kind: "found";
      /** Name in server.yaml. */
      readonly repository: string;
      readonly digest?: string;
      /** As it was announced. */
      readonly announced?: string;
      readonly provenance: Provenance;
    }
  | { readonly kind: "missing"; readonly repository: string; readonly asked: string }
  | { readonly kind: "unreachable"; readonly problem: Problem }
  /** Not looked up: it does not move, no chart repository of server.yaml has it, or its version is not known. */
  | { readonly kind: "unasked"; readonly because?: string };

export type Provenance =
  /** No keyring is set for its chart repository. */
  | { readonly kind: "unasked" }
  | { readonly kind: "valid"; readonly signer: string }
  | { readonly kind: "invalid"; readonly problem: Problem }
  | { readonly kind: "unreachable"; readonly problem: Problem };

export interface ImageFact {
  readonly image: string;
  readonly answer:
    | { readonly kind: "exists" }
    | { readonly kind: "missing"; readonly asked: string }
    | { readonly kind: "unknown"; readonly problem: Problem };
}
