// What each system that sends webhooks is asked: did this come from you, and which charts does it speak of?

import type { Result } from "../../model/problem.ts";
import type { Publisher } from "../../model/settings.ts";
import type { Call } from "../call.ts";

export interface System {
  /** As in the address, `/publish/NAME/PUBLISHER`. */
  readonly name: string;
  /** By that system's own way to authenticate, with the publisher's secret. */
  isFrom(call: Call, publisher: Publisher): boolean;
  /** `malformed` for what this system never sends; what it sends and nobody here needs is `ignored`. */
  read(document: unknown): Result<Notice>;
}

export type Notice =
  | { readonly kind: "ignored"; readonly because: string }
  | { readonly kind: "charts"; readonly charts: readonly Candidate[] };

export interface Candidate {
  /** As `POST /publish` takes it. */
  readonly said: {
    readonly chart: string;
    readonly version: string;
    readonly digest?: string | undefined;
    readonly [more: string]: unknown;
  };
  /** `perhaps` where the event would look the same for an image or for another kind of archive. */
  readonly certainty: "chart" | "perhaps";
  /** Where it stands in an OCI registry, such as `charts/web`. */
  readonly path?: string;
}
