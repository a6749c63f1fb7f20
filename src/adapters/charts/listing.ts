// The result of polling a chart repository.

import type { ListedVersion } from "../../domain/model/chart/listed-version.ts";
import type { Unreachable } from "./http/unreachable.ts";
import type { UnsupportedEntry } from "./index/index-content.ts";

export type Listing =
  | {
      readonly kind: "changed";
      /** Every chart's name with all of its versions. */
      readonly versions: Iterable<readonly [string, readonly ListedVersion[]]>;
      /** Entries that cannot be used and are left out. */
      readonly unsupported?: readonly UnsupportedEntry[];
      /** Opaque; to be passed to the next poll. */
      readonly validator: string;
    }
  | { readonly kind: "same" }
  /** Proves nothing, least of all that a version is gone. */
  | (Omit<Unreachable, "kind"> & { readonly kind: "failed" });
