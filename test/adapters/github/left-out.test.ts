// Where something is left out of an answer of GitHub's that is always there.

import { expect, test } from "@jest/globals";
import { leftOut } from "../../../src/adapters/github/api/left-out.ts";

test.each([
  ["repository", { repository: null }],
  ["repository.p0_0.nodes.1", { repository: { p0_0: { nodes: [{}, null] } } }],
  ["repository.open.nodes", { repository: { maybe: { nodes: null }, e0: null, open: { nodes: null } } }],
  [undefined, { maybe0: null, repository: { e0: null, object: { text: null }, nodes: [{ author: null }] } }],
])("what is left out: %s", (place, answer) => {
  expect(leftOut(answer)).toBe(place);
});
