// Every request of every flow, struck by every kind of trouble.

import { describeMatrix } from "./matrix.ts";
import { picked, strikesOn } from "./strikes.ts";

/** Of each chapter. */
const PICKED = 12;

describeMatrix("whatever strikes a request, the end is the one without trouble", (requests) =>
  picked(strikesOn(requests.map(({ name }) => name)), PICKED),
);
