// Of every document of mutations that any flow sends, only the first few take effect, or one is refused once: what is left of
// it is a starting point from which the next look comes to the end without trouble.

import { describeMatrix } from "./matrix.ts";
import { partsOf } from "./strikes.ts";

describeMatrix("whatever part of a document takes effect, the end is the one with all of it", partsOf);
