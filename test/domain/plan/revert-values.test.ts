// Taking one change of a values file back through later ones.

import { expect, test } from "@jest/globals";
import { revertValues } from "../../../src/domain/plan/revert-values.ts";

const BEFORE = "xposer:\n  replicas: 2\n  image:\n    tag: one # ours\nother: 1\n";
const AFTER = BEFORE.replace("one", "two");

test.each([
  ["nothing else changed", BEFORE, AFTER, AFTER, BEFORE],
  ["it changed nothing", BEFORE, BEFORE, AFTER, AFTER],
  [
    "a later change elsewhere stays",
    BEFORE,
    AFTER,
    AFTER.replace("other: 1", "other: 2"),
    BEFORE.replace("other: 1", "other: 2"),
  ],
  [
    "a later change right above stays",
    BEFORE,
    AFTER,
    AFTER.replace("  image:", "  extra: x\n  image:"),
    BEFORE.replace("  image:", "  extra: x\n  image:"),
  ],
  [
    "a key that it added goes",
    "xposer:\n  a: 1\n",
    "xposer:\n  a: 1\n  b: 2\n",
    "xposer:\n  a: 1\n  b: 2\n  c: 3\n",
    "xposer:\n  a: 1\n  c: 3\n",
  ],
  [
    "a later change of a later document stays",
    "a: 1\n---\nb: 1\n",
    "a: 2\n---\nb: 1\n",
    "a: 2\n---\nb: 2\n",
    "a: 1\n---\nb: 2\n",
  ],
  ["a file that it made goes", null, "a: 1\n", "a: 1\n", null],
])("%s", (...[, before, after, now, wanted]) => {
  expect(revertValues({ before, after, now })).toBe(wanted);
});

test.each([
  ["the same value changed again", BEFORE, AFTER, AFTER.replace("two", "three")],
  ["the file is gone", BEFORE, AFTER, null],
  ["the file is no YAML any more", BEFORE, AFTER, `${AFTER}\t- : [`],
])("a conflict: %s", (...[, before, after, now]) => {
  expect(revertValues({ before, after, now })).toBeUndefined();
});
