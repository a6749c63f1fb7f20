// What a poll of a chart repository comes back with.

import type { Problem } from "../model/problem.ts";
import type { ListedVersion } from "./listed-version.ts";

export type Listing =
  | {
      readonly kind: "changed";
      /** Chart names, each with all its versions, for every chart that has any. */
      readonly versions: Iterable<readonly [string, readonly ListedVersion[]]>;
      /** To give back at the next poll. Opaque. */
      readonly validator: string;
    }
  | { readonly kind: "same" }
  /** Nothing can be concluded, least of all that a version is gone. */
  | { readonly kind: "failed"; readonly problem: Problem };
