// Whether a chart is signed as its chart repository's keyring asks for.

import type { Problem } from "../problem.ts";

export type SignatureVerdict =
  /** No keyring is set for its chart repository. */
  | { readonly kind: "unasked" }
  | { readonly kind: "valid"; readonly signer: string }
  /** Not signed, wrongly signed, or signed by nobody of the keyring. */
  | { readonly kind: "invalid"; readonly problem: Problem }
  /** The signature file or the archive could not be fetched for the moment. */
  | { readonly kind: "unknown"; readonly problem: Problem };
