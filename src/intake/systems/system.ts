// The interface of each system that sends webhooks: authenticate the call, and parse the charts in its event.

import type { Publisher } from "../../domain/model/config/settings.ts";
import type { Problem, Result } from "../../domain/model/problem.ts";
import type { Call } from "../call.ts";

export interface System {
  /** As in the URL, `/publish/NAME/PUBLISHER`. */
  readonly name: string;
  /**
   * How a refusal is reported. `status`: by the HTTP status, which this system shows or ignores. `body`: as 202 with
   * the reason in the body, because after any other status this system retries without end and blocks later events, or
   * disables its webhook. docs/doors.md says what each system does, and the source of that.
   */
  readonly refusals: "status" | "body";
  /** By the system's own authentication, with the publisher's secret. */
  isFrom(call: Call, publisher: Publisher): boolean;
  /** `malformed` for an event that this system never sends; other irrelevant events are `ignored`. */
  read(document: unknown): Result<Notice>;
}

export type Notice =
  | { readonly kind: "ignored"; readonly because: string }
  | {
      readonly kind: "charts";
      readonly charts: readonly Candidate[];
      /** Problems of other events in the same document. */
      readonly malformed?: readonly Problem[];
    };

export interface Candidate extends Whereabouts {
  /** As in `POST /publish`. */
  readonly body: {
    readonly chart: string;
    readonly version: string;
    readonly digest?: string | undefined;
    readonly [more: string]: unknown;
  };
  /** `perhaps` when an event about an image or another kind of archive would look the same. */
  readonly certainty: "chart" | "perhaps";
}

/** The location of a chart in an event; empty when the event has none. */
export interface Whereabouts {
  /** Repository path without the OCI registry's host, in lower case, such as `charts/web`. */
  readonly path?: string;
  /** Name of a repository in a repository manager (Artifactory, Nexus); the first part of `path`, if there is one. */
  readonly key?: string;
  /** Host of the registry, in a cloud where every registry has its own. */
  readonly host?: string;
  /** URL of the chart repository. */
  readonly url?: string;
}
