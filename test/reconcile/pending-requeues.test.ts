import { expect, test } from "@jest/globals";
import { PendingRequeues } from "../../src/reconcile/pending-requeues.ts";

const SOON = new Date("2026-03-01T12:00:15Z");
const LATE = new Date("2026-03-01T13:00:00Z");

test.each([
  {
    what: "an event finds nothing to wait for: what was pending stays",
    pending: SOON,
    found: undefined,
    isResync: false,
    due: SOON,
  },
  {
    what: "an event finds something later: the earlier stays",
    pending: SOON,
    found: LATE,
    isResync: false,
    due: SOON,
  },
  { what: "an event finds something earlier", pending: LATE, found: SOON, isResync: false, due: SOON },
  {
    what: "a resync finds nothing: nothing is pending any more",
    pending: SOON,
    found: undefined,
    isResync: true,
    due: undefined,
  },
  {
    what: "a resync finds something later: that is all there is",
    pending: SOON,
    found: LATE,
    isResync: true,
    due: LATE,
  },
])("$what", ({ pending, found, isResync, due }) => {
  const requeues = new PendingRequeues();
  requeues.earliest(1, pending, true);
  expect(requeues.earliest(1, found, isResync)).toEqual(due);
  expect(requeues.earliest(1, undefined, false)).toEqual(due);
  expect(requeues.earliest(2, undefined, false)).toBeUndefined();
});
