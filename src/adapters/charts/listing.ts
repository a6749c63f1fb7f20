// What a poll of a chart repository comes back with.

import type { ListedVersion } from "../../domain/model/chart/listed-version.ts";
import type { Unreachable } from "./http/unreachable.ts";
import type { UnsupportedEntry } from "./index/index-content.ts";

export type Listing =
  | {
      readonly kind: "changed";
      /** Chart names, each with all its versions, for every chart that has any. */
      readonly versions: Iterable<readonly [string, readonly ListedVersion[]]>;
      /** Entries that are left out, because no chart can be had by them. */
      readonly unsupported?: readonly UnsupportedEntry[];
      /** To give back at the next poll. Opaque. */
      readonly validator: string;
    }
  | { readonly kind: "same" }
  /** Nothing can be concluded, least of all that a version is gone. */
  | (Omit<Unreachable, "kind"> & { readonly kind: "failed" });
