// An incremental parser of an index.

import type { BadIndex } from "./index-content.ts";

export interface PieceReader {
  /** Takes the next chunk of the text: bytes as latin1, split anywhere. */
  push(piece: string): void;
  /** Ends the text. `unsupported`: a layout that this parser does not handle, whether or not it is valid. */
  end(): { readonly kind: "read" } | { readonly kind: "unsupported" } | BadIndex;
}
