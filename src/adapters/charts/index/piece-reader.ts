// A reader that is fed an index piece by piece.

import type { BadIndex } from "./index-content.ts";

export interface PieceReader {
  /** Takes the next piece of the text: bytes as latin1. Pieces may end anywhere. */
  push(piece: string): void;
  /** Ends the text. `unsupported`: not a layout this reader knows, which says nothing about its validity. */
  end(): { readonly kind: "read" } | { readonly kind: "unsupported" } | BadIndex;
}
