// What each system that sends webhooks is asked: did this come from you, and which charts does it speak of?

import type { Publisher } from "../../domain/model/config/settings.ts";
import type { Problem, Result } from "../../domain/model/problem.ts";
import type { Call } from "../call.ts";

export interface System {
  /** As in the address, `/publish/NAME/PUBLISHER`. */
  readonly name: string;
  /**
   * How a refusal is told. `status`: by its own status, which this system shows or forgets. `body`: as 202 with the reason
   * in the body, because for any other status this system sends the event again without end, and nothing behind it, or
   * switches its webhook off. docs/doors.md says what each system does, and how that is known.
   */
  readonly refusals: "status" | "body";
  /** By that system's own way to authenticate, with the publisher's secret. */
  isFrom(call: Call, publisher: Publisher): boolean;
  /** `malformed` for what this system never sends; what it sends and nobody here needs is `ignored`. */
  read(document: unknown): Result<Notice>;
}

export type Notice =
  | { readonly kind: "ignored"; readonly because: string }
  | {
      readonly kind: "charts";
      readonly charts: readonly Candidate[];
      /** Of other events in the same document, which cannot be read. */
      readonly malformed?: readonly Problem[];
    };

export interface Candidate extends Whereabouts {
  /** As `POST /publish` takes it. */
  readonly body: {
    readonly chart: string;
    readonly version: string;
    readonly digest?: string | undefined;
    readonly [more: string]: unknown;
  };
  /** `perhaps` where the event would look the same for an image or for another kind of archive. */
  readonly certainty: "chart" | "perhaps";
}

/** All that an event says of where a chart stands; nothing when it says nothing. */
export interface Whereabouts {
  /** Repository below an OCI registry's host, in lower case, such as `charts/web`. */
  readonly path?: string;
  /** Name of a repository in a repository manager (Artifactory, Nexus); the first part of `path` where there is one. */
  readonly key?: string;
  /** Host of the registry in a cloud where every registry has one of its own. */
  readonly host?: string;
  /** Address of the chart repository. */
  readonly url?: string;
}
