// The result of verifying a chart's signature against its chart repository's keyring.

import type { Problem } from "../problem.ts";

export type SignatureVerdict =
  /** The chart repository has no keyring configured. */
  | { readonly kind: "unasked" }
  | { readonly kind: "valid"; readonly signer: string }
  /** Not signed, wrongly signed, or signed with a key that is not in the keyring. */
  | { readonly kind: "invalid"; readonly problem: Problem }
  /** The signature file or the archive could not be fetched now. */
  | { readonly kind: "unknown"; readonly problem: Problem };
